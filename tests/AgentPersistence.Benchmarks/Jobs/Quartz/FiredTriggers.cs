using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Jobs.Quartz;

/// <summary>Quartz: its scheduler fires triggers that are due, with as many threads as there are callers.</summary>
internal sealed class FiredTriggers(QuartzScheduler quartz, string connectionString) : IBacklog
{
    private const string Title = "Quartz, clustered";

    public int Runs => quartz.Runs.Count;

    public static BacklogCompetitor On(PostgreSqlDatabases databases) => new(
        Title,
        databases,
        async (connectionString, threads) =>
            new FiredTriggers(await QuartzScheduler.CreateAsync(databases, connectionString, threads), connectionString));

    /// <summary>The same, with as many callers who schedule as there are threads.</summary>
    public static BacklogCompetitor Arriving(PostgreSqlDatabases databases) => new(
        Title,
        databases,
        async (connectionString, threads) =>
        {
            var quartz = await QuartzScheduler.CreateAsync(databases, connectionString, threads);
            return new ArrivingJobs(new FiredTriggers(quartz, connectionString), threads, quartz.ScheduleAsync);
        });

    public Task FillAsync(int jobs) => quartz.ScheduleAsync(jobs);

    public async Task WorkAsync(int jobs)
    {
        var fired = quartz.Runs.WaitAsync(jobs);
        await quartz.StartAsync();
        await fired;
    }

    public Task<long> CountLeftAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, QuartzTables.CountLeft);

    public ValueTask DisposeAsync() => quartz.DisposeAsync();
}
