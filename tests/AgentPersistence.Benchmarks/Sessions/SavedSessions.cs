using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Sessions;

namespace AgentPersistence.Benchmarks.Sessions;

/// <summary>The library: each caller saves its own session, under the version it knows.</summary>
internal sealed class SavedSessions(Agent agent, string connectionString, int callers) : IWork
{
    private readonly ISessionStore _sessions = agent.Get<ISessionStore>();
    private readonly long[] _versions = [.. Enumerable.Repeat(1L, callers)];

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "AgentPersistence",
        databases,
        async (connectionString, callers) =>
        {
            await SessionStates.CreateAsync(databases, connectionString, callers);
            return new SavedSessions(new Agent(databases, connectionString), connectionString, callers);
        });

    public async Task<int> RunAsync(int caller)
    {
        var known = _versions[caller];
        var update = new SessionUpdate { State = SessionStates.At(caller, known), CurrentIntent = "book_flight", ExpectedVersion = known };
        _versions[caller] = (await _sessions.SaveStateAsync(SessionStates.Id(caller), update)).Version;
        return 1;
    }

    public Task<long> CountStoredAsync() => SessionStates.CountAsync(connectionString);

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
