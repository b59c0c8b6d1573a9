using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Interactions;

namespace AgentPersistence.Benchmarks.Interactions;

/// <summary>The library: one interaction a call.</summary>
internal sealed class LoggedInteractions(Agent agent, string connectionString) : IWork
{
    private readonly IInteractionLog _interactions = agent.Get<IInteractionLog>();

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "AgentPersistence",
        databases,
        (connectionString, _) => Task.FromResult<IWork>(new LoggedInteractions(new Agent(databases, connectionString), connectionString)));

    public async Task<int> RunAsync(int caller)
    {
        await _interactions.LogAsync(InteractionSamples.Next());
        return 1;
    }

    public Task<long> CountStoredAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, InsertedInteractions.Count);

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
