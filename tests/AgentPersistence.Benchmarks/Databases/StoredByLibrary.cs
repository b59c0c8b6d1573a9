using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>The library: one call of a store, again and again, each of which stores a row.</summary>
internal sealed class StoredByLibrary(Agent agent, Func<Task> call, Func<Task<long>> count) : IWork
{
    /// <param name="databases">Where the databases are made.</param>
    /// <param name="call">The call.</param>
    /// <param name="count">The SQL that counts the rows.</param>
    public static DatabaseCompetitor On<TStore>(PostgreSqlDatabases databases, Func<TStore, Task> call, string count)
        where TStore : notnull => new(
        "AgentPersistence",
        databases,
        (connectionString, _) =>
        {
            var agent = new Agent(databases, connectionString);
            var store = agent.Get<TStore>();
            return Task.FromResult<IWork>(new StoredByLibrary(
                agent, () => call(store), () => PostgreSqlDatabases.ScalarAsync<long>(connectionString, count)));
        });

    public async Task<int> RunAsync(int caller)
    {
        await call();
        return 1;
    }

    public Task<long> CountStoredAsync() => count();

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
