using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Jobs;

namespace AgentPersistence.Benchmarks.Jobs;

/// <summary>The library: one job a call.</summary>
internal sealed class EnqueuedJobs(Agent agent, string connectionString) : IWork
{
    private readonly IJobQueue _jobs = agent.Get<IJobQueue>();

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "AgentPersistence",
        databases,
        (connectionString, _) => Task.FromResult<IWork>(new EnqueuedJobs(new Agent(databases, connectionString), connectionString)));

    public async Task<int> RunAsync(int caller)
    {
        await _jobs.EnqueueAsync(JobSamples.Next());
        return 1;
    }

    public Task<long> CountStoredAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, JobTable.Count);

    public ValueTask DisposeAsync() => agent.DisposeAsync();
}
