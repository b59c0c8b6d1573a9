using System.Text.Json;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Transactions;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Transactions that were completed, five of a run, ten of a session, twenty of a user; a hundred are pending.</summary>
internal static class TransactionGrowth
{
    private const int StepsOfRun = 5;
    private const int StepsOfSession = 10;
    private const int StepsOfUser = 20;
    private const int Pending = 100;

    private static readonly JsonElement Undo = JsonElement.Parse("""{"account":"17","amount":-25}""");

    public static GrowingTable Table { get; } = new("transactions", FillAsync,
    [
        Calling("find", (journal, rows) => journal.FindAsync(Numbered.Id(Numbered.Any(rows)))),
        Calling("by key", (journal, rows) => journal.FindByIdempotencyKeyAsync(Key(Numbered.Any(rows)))),
        Calling("by run, 5", (journal, rows) => journal.QueryAsync(
            new TransactionQuery { RunId = Numbered.Hex(Numbered.Any(rows / StepsOfRun)) })),
        Calling("by session, 10", (journal, rows) => journal.QueryAsync(
            new TransactionQuery { SessionId = Numbered.Hex(Numbered.Any(rows / StepsOfSession)) })),
        Calling("by user, 20", (journal, rows) => journal.QueryAsync(
            new TransactionQuery { UserId = Numbered.Hex(Numbered.Any(rows / StepsOfUser)) })),
        Querying("completed", new TransactionQuery { Status = TransactionStatus.Completed }),
        Querying($"pending, {Pending}", new TransactionQuery { Status = TransactionStatus.Pending }),
        Querying("newest", new TransactionQuery()),
        Calling("begin", (journal, _) => journal.BeginAsync(New())) with { Adds = true },
        Calling("begin and complete", async (journal, _) => await journal.CompleteAsync(
            (await journal.BeginAsync(New())).Transaction.Id)) with { Adds = true },
        Calling("mark rolled back", async (journal, _) => await journal.MarkRolledBackAsync(
            (await journal.BeginAsync(New())).Transaction.Id)) with { Adds = true },
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, time) = (databases.Sql, databases.Sql.At("n"));
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_transactions (
                id, idempotency_key, run_id, user_id, session_id, step_key, intent, action, status, rollback_data, audit_log_id,
                rollback_epoch, is_takeover, created_at, settled_at)
            SELECT {sql.Id("n")}, {sql.Hex(FillingSql.Scatter("n"))}, {sql.Hex($"n / {StepsOfRun}")},
                {sql.Hex($"n % {rows / StepsOfUser}")}, {sql.Hex($"n / {StepsOfSession}")}, 'pay', 'transfer', 'pay',
                CASE WHEN n % {rows / Pending} = 1 THEN 'pending' ELSE 'completed' END, '{Undo.GetRawText()}',
                {sql.Id("n")}, 0, false, {time}, {time}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Querying(string name, TransactionQuery query) => Calling(name, (journal, _) => journal.QueryAsync(query));

    private static Operation Calling(string name, Func<ITransactionJournal, long, Task> call) => Operation.On(name, call);

    private static NewTransaction New() => new()
    {
        IdempotencyKey = Guid.NewGuid().ToString("N"),
        RunId = Guid.NewGuid().ToString("N"),
        UserId = "mia",
        SessionId = "session-1",
        Action = "pay",
        RollbackData = Undo,
    };

    private static string Key(long number) => Numbered.Hex(FillingSql.Scatter(number));
}
