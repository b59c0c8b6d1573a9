using System.Text.Json;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Idempotency;
using AgentPersistence.Idempotency;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Completed keys, in no order, as hashes are.</summary>
internal static class IdempotencyGrowth
{
    public static GrowingTable Table { get; } = new("idempotency", FillAsync,
    [
        Begin(callers: 1),
        Begin(callers: 64),
        new("execute", (agent, rows) => Calling(agent, rows, (cache, next) => cache.ExecuteAsync(Request(next), Result))) { Adds = true },
        new("replay", (agent, rows) => Calling(agent, rows, (cache, _) => cache.ExecuteAsync(Request(Numbered.Any(rows)), Result))),
        new("find", (agent, rows) => Calling(agent, rows, (cache, _) => cache.FindAsync(Key(Numbered.Any(rows))))),
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_idempotency_cache (
                scope, idempotency_key, user_id, state, token, epoch, is_takeover, on_crash, lease, time_to_live, result_data, created_at,
                expires_at)
            SELECT '', {sql.Hex(FillingSql.Scatter("n"))}, {sql.Hex("n % 10000")}, 'completed', {sql.Id("n")}, 1, false, 'retry', 60000000,
                86400000000, '{IdempotencyKeys.Result.GetRawText()}', {sql.SecondsAgo("0")}, {sql.SecondsAgo("n % 3600 - 86400")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Begin(int callers) =>
        new("begin", (agent, rows) => Calling(agent, rows, (cache, next) => cache.BeginAsync(Request(next))))
        {
            Callers = callers,
            Adds = true,
        };

    private static Func<Task> Calling(Agent agent, long rows, Func<IIdempotencyCache, long, Task> call)
    {
        // What an earlier turn in the same table has begun must not come again.
        var (cache, next) = (agent.Get<IIdempotencyCache>(), rows + (Random.Shared.NextInt64(1_000) * 1_000_000));
        return () => call(cache, Interlocked.Increment(ref next));
    }

    private static IdempotencyRequest Request(long number) =>
        new() { Key = Key(number), UserId = Numbered.Hex(number % 10_000) };

    private static string Key(long number) => Numbered.Hex(FillingSql.Scatter(number));

    private static Task<JsonElement?> Result(CancellationToken cancellationToken) => Task.FromResult<JsonElement?>(IdempotencyKeys.Result);
}
