using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Tokens;

namespace AgentPersistence.Benchmarks.Tokens;

/// <summary>The library: the usage of one model call a call.</summary>
internal sealed class LoggedTokens(Agent agent, string connectionString) : IWork
{
    private readonly ITokenLedger _tokens = agent.Get<ITokenLedger>();

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "AgentPersistence",
        databases,
        (connectionString, _) => Task.FromResult<IWork>(new LoggedTokens(new Agent(databases, connectionString), connectionString)));

    public async Task<int> RunAsync(int caller)
    {
        await _tokens.LogAsync(TokenEntries.Next());
        return 1;
    }

    public Task<long> CountStoredAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, InsertedTokens.Count);

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
