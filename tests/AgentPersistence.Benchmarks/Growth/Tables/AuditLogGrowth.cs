using AgentPersistence.Auditing;
using AgentPersistence.Benchmarks.Auditing;
using AgentPersistence.Benchmarks.Databases;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Entries of which one in fifty has failed, a hundred are pending and a hundred rolled back.</summary>
internal static class AuditLogGrowth
{
    private const int RowsOfCall = 1_000;
    private const int Writers = 4;
    private const int Page = 100;
    private const int Rare = 100;

    public static GrowingTable Table { get; } = new("audit log", FillAsync,
    [
        Write(callers: 1),
        Write(callers: 64),
        Reading("write and complete", async (audit, _) => await audit.CompleteAsync(
            (await audit.LogAsync(new AuditEntry { Status = AuditStatus.Pending })).Id, new AuditOutcome(AuditStatus.Success))) with
        {
            Adds = true,
        },
        Reading("by user, 10", (audit, rows) => audit.GetByUserAsync(AuditEntries.User(Numbered.Any(rows)))),
        Reading("by session", (audit, rows) => audit.GetBySessionAsync(AuditEntries.Session(Numbered.Any(rows)))),
        Reading("by run", (audit, rows) => audit.GetByRunAsync(AuditEntries.Run(Numbered.Any(rows)))),
        Querying("by intent", new AuditQuery { Intent = "refund", Limit = Page }),
        Querying("failed", new AuditQuery { Status = AuditStatus.Failure, Limit = Page }),
        Querying($"pending, {Rare}", new AuditQuery { Status = AuditStatus.Pending, Limit = Page }),
        Querying($"rolled back, {Rare}", new AuditQuery { Status = AuditStatus.RolledBack, Limit = Page }),
        Querying("newest", new AuditQuery { Limit = Page }),
        Reading("by time", (audit, _) => audit.QueryAsync(new AuditQuery { To = DateTimeOffset.UtcNow, Limit = Page })),
        Reading("by key, none", (audit, _) => audit.FindByIdempotencyKeyAsync(Guid.NewGuid().ToString("N"))),
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
            AuditEntry[] entries = [.. Enumerable.Range(0, (int)(last - first)).Select(i => Make(first + i, rows))];
            await audit.LogAsync(entries, cancellationToken);
        });
    }

    private static AuditEntry Make(long number, long rows)
    {
        var entry = AuditEntries.Make(number);
        return (number % (rows / Rare)) switch
        {
            1 => entry with { Status = AuditStatus.Pending },
            2 => entry with { Status = AuditStatus.RolledBack },
            _ => entry,
        };
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

    private static Operation Querying(string name, AuditQuery query) => Reading(name, (audit, _) => audit.QueryAsync(query));

    private static Operation Reading(string name, Func<IAuditLogger, long, Task> read) => Operation.On(name, read);
}
