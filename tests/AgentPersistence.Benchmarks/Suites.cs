using AgentPersistence.Benchmarks.Auditing;
using AgentPersistence.Benchmarks.Conversations;
using AgentPersistence.Benchmarks.Growth;
using AgentPersistence.Benchmarks.Idempotency;
using AgentPersistence.Benchmarks.Interactions;
using AgentPersistence.Benchmarks.Jobs;
using AgentPersistence.Benchmarks.Sessions;
using AgentPersistence.Benchmarks.StartUp;
using AgentPersistence.Benchmarks.Tokens;

namespace AgentPersistence.Benchmarks;

/// <summary>A part of the benchmarks that can be asked for by name.</summary>
internal sealed record Suite(string Name, string What, Func<Bench, Task> RunAsync);

/// <summary>The table of contents.</summary>
internal static class Suites
{
    public static readonly IReadOnlyList<Suite> All =
    [
        new("audit", "audit writes on PostgreSQL", async b => await b.CompareAsync(AuditSuite.OnPostgreSql(await b.PostgreSqlAsync()))),
        new("audit-sqlite", "audit writes on SQLite", async b => await b.CompareAsync(AuditSuite.OnSqlite(await b.SqliteAsync()))),
        new("messages", "message appends", async b => await b.CompareAsync(MessageSuite.OnPostgreSql(await b.PostgreSqlAsync(), b.Peers))),
        new("tokens", "token log", async b => await b.CompareAsync(TokenSuite.OnPostgreSql(await b.PostgreSqlAsync(), b.Peers))),
        new("interactions", "interaction log", async b => await b.CompareAsync(
            InteractionSuite.OnPostgreSql(await b.PostgreSqlAsync(), b.Peers))),
        new("sessions", "session saves", async b => await b.CompareAsync(SessionSuite.OnPostgreSql(await b.PostgreSqlAsync(), b.Peers))),
        new("idempotency", "idempotent executions", async b => await b.CompareAsync(
            IdempotencySuite.OnPostgreSql(await b.PostgreSqlAsync()))),
        new("jobs", "jobs enqueued, claimed and completed", async b => await b.CompareAsync(
            JobSuite.OnPostgreSql(await b.PostgreSqlAsync(), b.Peers))),
        new("start", "the first write of a process", async b => await b.CompareAsync(
            StartSuite.On(await b.PostgreSqlAsync()), StartSuite.On(await b.SqliteAsync()))),
        new("growth", "the cost of an operation as the tables grow", async b => await new GrowthSuite(
            b, await b.PostgreSqlAsync(), "PostgreSQL").RunAsync(b.Arguments.Rows)),
        new("growth-sqlite", "the same on SQLite", async b => await new GrowthSuite(
            b, await b.SqliteAsync(), "SQLite").RunAsync(Math.Min(b.Arguments.Rows, 1_000_000))),
        new("allocations", "what an audit write allocates", async b => await AuditAllocations.RunAsync(
            await b.PostgreSqlAsync(), b.Arguments.Duration, b.Output)),
    ];
}
