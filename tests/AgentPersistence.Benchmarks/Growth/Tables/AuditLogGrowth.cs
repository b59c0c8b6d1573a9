using AgentPersistence.Auditing;
using AgentPersistence.Benchmarks.Auditing;
using AgentPersistence.Benchmarks.Databases;

namespace AgentPersistence.Benchmarks.Growth.Tables;

internal static class AuditLogGrowth
{
    private const int RowsOfCall = 1_000;
    private const int Writers = 4;
    private const int Page = 100;

    public static GrowingTable Table { get; } = new("audit log", FillAsync,
    [
        Write(callers: 1),
        Write(callers: 64),
        new("by user, 10", (agent, rows) => Reading(agent, audit => audit.GetByUserAsync(AuditEntries.User(Any(rows))))),
        new("by session", (agent, rows) => Reading(agent, audit => audit.GetBySessionAsync(AuditEntries.Session(Any(rows))))),
        new("by run", (agent, rows) => Reading(agent, audit => audit.GetByRunAsync(AuditEntries.Run(Any(rows))))),
        new("by intent", (agent, _) => Querying(agent, new AuditQuery { Intent = "refund", Limit = Page })),
        new("by status", (agent, _) => Querying(agent, new AuditQuery { Status = AuditStatus.Failure, Limit = Page })),
        new("newest", (agent, _) => Querying(agent, new AuditQuery { Limit = Page })),
        new("by time", (agent, _) => Querying(agent, new AuditQuery { To = DateTimeOffset.UtcNow, Limit = Page })),
        new("by key, none", (agent, _) => Reading(agent, audit => audit.FindByIdempotencyKeyAsync(Guid.NewGuid().ToString("N")))),
    ]);

    // Through the library, because nobody else makes a chain that can be verified.
    private static async Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        await using var agent = new Agent(databases, connectionString);
        var audit = agent.Get<IAuditLogger>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Writers };
        await Parallel.ForAsync(0, (rows + RowsOfCall - 1) / RowsOfCall, options, async (call, cancellationToken) =>
        {
            var (first, last) = (call * RowsOfCall, Math.Min((call + 1) * RowsOfCall, rows));
            AuditEntry[] entries = [.. Enumerable.Range(0, (int)(last - first)).Select(i => AuditEntries.Make(first + i))];
            await audit.LogAsync(entries, cancellationToken);
        });
    }

    private static Operation Write(int callers) => new("write", (agent, rows) =>
    {
        var (audit, next) = (agent.Get<IAuditLogger>(), rows);
        return () => audit.LogAsync(AuditEntries.Make(Interlocked.Increment(ref next)));
    })
    {
        Callers = callers,
        Adds = true,
    };

    private static Func<Task> Querying(Agent agent, AuditQuery query) => Reading(agent, audit => audit.QueryAsync(query));

    private static Func<Task> Reading(Agent agent, Func<IAuditLogger, Task> read)
    {
        var audit = agent.Get<IAuditLogger>();
        return () => read(audit);
    }

    private static long Any(long rows) => Random.Shared.NextInt64(rows);
}
