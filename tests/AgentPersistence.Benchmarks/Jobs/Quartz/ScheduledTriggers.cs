using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Jobs.Quartz;

/// <summary>Quartz: one trigger a call; the scheduler is not started.</summary>
internal sealed class ScheduledTriggers(QuartzScheduler quartz, string connectionString) : IWork
{
    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "Quartz ScheduleJob",
        databases,
        async (connectionString, callers) =>
            new ScheduledTriggers(await QuartzScheduler.CreateAsync(databases, connectionString, callers), connectionString));

    public async Task<int> RunAsync(int caller)
    {
        await quartz.ScheduleAsync();
        return 1;
    }

    public Task<long> CountStoredAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, QuartzTables.CountLeft);

    public ValueTask DisposeAsync() => quartz.DisposeAsync();
}
