using System.Text.Json;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Idempotency;

namespace AgentPersistence.Benchmarks.Idempotency;

/// <summary>The library: each call begins under a new key, does nothing, and stores a result.</summary>
internal sealed class ExecutedOperations(Agent agent, string connectionString) : IWork
{
    private readonly IIdempotencyCache _idempotency = agent.Get<IIdempotencyCache>();
    private long _next;

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "AgentPersistence",
        databases,
        (connectionString, _) => Task.FromResult<IWork>(new ExecutedOperations(new Agent(databases, connectionString), connectionString)));

    public async Task<int> RunAsync(int caller)
    {
        var request = new IdempotencyRequest { Key = IdempotencyKeys.Key(Interlocked.Increment(ref _next)), UserId = "mia" };
        await _idempotency.ExecuteAsync(request, _ => Task.FromResult<JsonElement?>(IdempotencyKeys.Result));
        return 1;
    }

    public Task<long> CountStoredAsync() => IdempotencyKeys.CountAsync(connectionString);

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
