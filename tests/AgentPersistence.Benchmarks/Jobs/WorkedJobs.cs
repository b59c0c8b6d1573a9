using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentPersistence.Benchmarks.Jobs;

/// <summary>The library: its worker in a host, with a handler that does nothing.</summary>
internal sealed class WorkedJobs : IBacklog
{
    private readonly JobRuns _runs = new();
    private readonly IHost _host;
    private readonly IJobQueue _queue;
    private readonly string _connectionString;

    private WorkedJobs(IDatabases databases, string connectionString, int concurrency, int prefetch)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(_runs);
        builder.Services
            .AddAgentPersistence(options =>
            {
                databases.Choose(options, connectionString);
                options.MigrateOnStartup = false;
            })
            .AddJobHandler<NoOperation>(JobSamples.Mode, worker => (worker.Concurrency, worker.Prefetch) = (concurrency, prefetch));
        _host = builder.Build();
        _queue = _host.Services.GetRequiredService<IJobQueue>();
        _connectionString = connectionString;
    }

    public int Runs => _runs.Count;

    /// <param name="databases">Where its databases are made.</param>
    /// <param name="prefetch">How many jobs the worker claims beyond those that it runs at once.</param>
    public static BacklogCompetitor On(IDatabases databases, int prefetch) => new(
        "AgentPersistence",
        databases,
        (connectionString, callers) => Task.FromResult<IBacklog>(new WorkedJobs(databases, connectionString, callers, prefetch)));

    /// <summary>The same, with as many callers who enqueue as the worker runs jobs at once.</summary>
    public static BacklogCompetitor Arriving(IDatabases databases) => new(
        "AgentPersistence",
        databases,
        (connectionString, callers) =>
        {
            var worker = new WorkedJobs(databases, connectionString, callers, prefetch: 0);
            return Task.FromResult<IBacklog>(new ArrivingJobs(worker, callers, () => worker._queue.EnqueueAsync(JobSamples.Next())));
        });

    public Task FillAsync(int jobs) => JobTable.FillAsync(_queue, jobs);

    public async Task WorkAsync(int jobs)
    {
        var done = _runs.WaitAsync(jobs);
        await _host.StartAsync();
        await done;
    }

    public Task<long> CountLeftAsync() => JobTable.CountLeftAsync(_connectionString);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private sealed class NoOperation(JobRuns runs) : IJobHandler
    {
        public Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default)
        {
            runs.Add();
            return Task.FromResult(JobOutcome.Done());
        }
    }
}
