using System.Text.Json;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Idempotency;

namespace AgentPersistence.Benchmarks.Idempotency;

/// <summary>The library: a key that is completed is executed again, and answered with the stored result.</summary>
internal sealed class Replays(Agent agent) : IWork
{
    private readonly IIdempotencyCache _idempotency = agent.Get<IIdempotencyCache>();
    private long _next;

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "AgentPersistence",
        databases,
        async (connectionString, _) =>
        {
            await CompleteAsync(databases, connectionString);
            return new Replays(new Agent(databases, connectionString));
        });

    /// <summary>Completes the keys that are asked for again. Without statistics of them a prepared SELECT would keep a poor plan.</summary>
    public static async Task CompleteAsync(PostgreSqlDatabases databases, string connectionString)
    {
        // Another's connections: whoever replays has only those that replays have opened.
        await using var agent = new Agent(databases, connectionString);
        await Parallel.ForAsync(0, IdempotencyKeys.Replayed, async (number, cancellationToken) =>
            await agent.Get<IIdempotencyCache>().ExecuteAsync(
                new IdempotencyRequest { Key = IdempotencyKeys.Key(number), UserId = "mia" },
                _ => Task.FromResult<JsonElement?>(IdempotencyKeys.Result),
                cancellationToken));
        await databases.SettleAsync(connectionString);
    }

    public async Task<int> RunAsync(int caller)
    {
        var key = IdempotencyKeys.Key(Interlocked.Increment(ref _next) % IdempotencyKeys.Replayed);
        await _idempotency.ExecuteAsync(
            new IdempotencyRequest { Key = key, UserId = "mia" },
            _ => Task.FromException<JsonElement?>(new InvalidOperationException($"{key} ran again.")));
        return 1;
    }

    // Nothing is stored; that nothing runs again is checked by each call.
    public Task<long> CountStoredAsync() => Task.FromResult(Interlocked.Read(ref _next));

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
