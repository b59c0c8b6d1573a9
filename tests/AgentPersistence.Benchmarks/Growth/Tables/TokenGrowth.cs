using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Tokens;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Calls of models, one each second: five of a run, ten of a session, twenty of a user and of a thread, in turns.</summary>
internal static class TokenGrowth
{
    private const int CallsOfRun = 5;
    private const int CallsOfSession = 10;
    private const int CallsOfUser = 20;
    private const int AllDays = 3_650;
    private const int Summed = 1_000;

    public static GrowingTable Table { get; } = new("token ledger", FillAsync,
    [
        Log(callers: 1),
        Log(callers: 64),
        Calling("find", (ledger, rows) => ledger.FindAsync(Numbered.Id(Numbered.Any(rows)))),
        Calling("by call", (ledger, rows) => ledger.FindAsync(Numbered.Hex(Numbered.Any(rows / CallsOfRun)), "3")),
        Calling("by run, 5", (ledger, rows) => ledger.QueryAsync(
            new TokenQuery { RunId = Numbered.Hex(Numbered.Any(rows / CallsOfRun)) })),
        Calling("by session, 10", (ledger, rows) => ledger.QueryAsync(
            new TokenQuery { SessionId = Numbered.Hex(Numbered.Any(rows / CallsOfSession)) })),
        Calling("by user, 20", (ledger, rows) => ledger.QueryAsync(User(rows))),
        Calling("by thread, 20", (ledger, rows) => ledger.QueryAsync(
            new TokenQuery { ThreadId = Numbered.Id(Numbered.Any(rows / CallsOfUser)) })),
        Calling("by scope", (ledger, _) => ledger.QueryAsync(new TokenQuery { Scope = "chat" })),
        Calling("newest", (ledger, _) => ledger.QueryAsync(new TokenQuery())),
        Calling($"usage by day of {Summed:N0}", (ledger, rows) => ledger.GetDailyUsageAsync(
            Day(rows - Summed), Day(rows), Newest(rows))),
        Calling($"statistics of {Summed:N0}", (ledger, rows) => ledger.GetStatisticsAsync(AllDays, Newest(rows))),
        Calling("statistics of a user's 20", (ledger, rows) => ledger.GetStatisticsAsync(AllDays, User(rows))),
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_token_ledger (
                id, scope, provider, model, run_id, call_id, attempt, thread_id, user_id, session_id, tokens_input, tokens_cache_read,
                tokens_cache_write, tokens_output, tokens_reasoning, tokens_total, cost, currency, occurred_at, created_at)
            SELECT {sql.Id("n")}, CASE WHEN n % 10 = 0 THEN 'jobs' ELSE 'chat' END, 'openai', 'model-' || (n % 3),
                {sql.Hex($"n / {CallsOfRun}")}, CAST(n % {CallsOfRun} AS text), 1, {sql.Id($"n % {rows / CallsOfUser}")},
                {sql.Hex($"n % {rows / CallsOfUser}")}, {sql.Hex($"n / {CallsOfSession}")}, 900, 100, 0, 200, 0, 1200, 0.0125, 'USD',
                {sql.At("n")}, {sql.At("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Log(int callers) => Calling("log", (ledger, _) => ledger.LogAsync(New())) with
    {
        Callers = callers,
        Adds = true,
    };

    private static NewTokenEntry New() => new()
    {
        Scope = "chat",
        Provider = "openai",
        Model = "model-1",
        RunId = Guid.NewGuid().ToString("N"),
        CallId = "1",
        SessionId = Guid.NewGuid().ToString("N"),
        UserId = Guid.NewGuid().ToString("N"),
        ThreadId = Guid.NewGuid(),
        Usage = new TokenUsage { Input = 900, CacheRead = 100, Output = 200 },
        Cost = 0.0125m,
        Currency = "USD",
    };

    private static Operation Calling(string name, Func<ITokenLedger, long, Task> call) => Operation.On(name, call);

    private static TokenQuery User(long rows) => new() { UserId = Numbered.Hex(Numbered.Any(rows / CallsOfUser)) };

    private static TokenQuery Newest(long rows) => new() { From = Numbered.Time(rows - Summed), To = Numbered.Time(rows) };

    private static DateOnly Day(long number) => DateOnly.FromDateTime(Numbered.Time(number).UtcDateTime);
}
