using System.Collections.Specialized;
using System.Globalization;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;
using Quartz;
using Quartz.Impl;
using Quartz.Impl.AdoJobStore;

namespace AgentPersistence.Benchmarks.Jobs.Quartz;

/// <summary>
/// Quartz with its clustered store in the database. A job is a trigger that fires once, for one durable job with nothing to do. Triggers
/// are acquired as many at once as there are threads, which is faster than the default of one by one.
/// </summary>
internal sealed class QuartzScheduler : IAsyncDisposable
{
    private const string RunsKey = "runs";

    private static readonly JobKey Job = new("work");

    private readonly IScheduler _scheduler;
    private long _next;

    private QuartzScheduler(IScheduler scheduler) => _scheduler = scheduler;

    public JobRuns Runs { get; } = new();

    public static async Task<QuartzScheduler> CreateAsync(IDatabases databases, string connectionString, int threads)
    {
        await databases.ExecuteAsync(connectionString, QuartzTables.Create);
        var scheduler = await new StdSchedulerFactory(Settings(connectionString, threads)).GetScheduler();
        var created = new QuartzScheduler(scheduler);
        scheduler.Context[RunsKey] = created.Runs;
        await scheduler.AddJob(JobBuilder.Create<NoOperation>().WithIdentity(Job).StoreDurably().Build(), replace: true);
        return created;
    }

    /// <summary>Stores one trigger that is due.</summary>
    public Task ScheduleAsync() => _scheduler.ScheduleJob(NextTrigger());

    /// <summary>Stores many in one commit.</summary>
    public async Task ScheduleAsync(int triggers)
    {
        var job = (await _scheduler.GetJobDetail(Job))!;
        await _scheduler.ScheduleJob(job, [.. Enumerable.Range(0, triggers).Select(_ => NextTrigger())], replace: true);
    }

    public Task StartAsync() => _scheduler.Start();

    public async ValueTask DisposeAsync() => await _scheduler.Shutdown(waitForJobsToComplete: true);

    private static NameValueCollection Settings(string connectionString, int threads)
    {
        var number = threads.ToString(CultureInfo.InvariantCulture);

        // A name of its own for each turn: the factory keeps schedulers by their names, and pools their connections by the text.
        var ownPool = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "quartz" }.ConnectionString;
        return new()
        {
            [StdSchedulerFactory.PropertySchedulerInstanceName] = Guid.NewGuid().ToString("N"),
            [StdSchedulerFactory.PropertySchedulerInstanceId] = StdSchedulerFactory.AutoGenerateInstanceId,
            [StdSchedulerFactory.PropertySchedulerMaxBatchSize] = number,
            ["quartz.threadPool.maxConcurrency"] = number,
            [StdSchedulerFactory.PropertyJobStoreType] = typeof(JobStoreTX).AssemblyQualifiedName!,
            ["quartz.jobStore.driverDelegateType"] = typeof(PostgreSQLDelegate).AssemblyQualifiedName!,
            ["quartz.jobStore.clustered"] = "true",
            ["quartz.jobStore.acquireTriggersWithinLock"] = "true",
            ["quartz.jobStore.useProperties"] = "true",
            ["quartz.jobStore.dataSource"] = "default",
            ["quartz.dataSource.default.provider"] = "Npgsql",
            ["quartz.dataSource.default.connectionString"] = ownPool,
            ["quartz.serializer.type"] = typeof(PropertySerializer).AssemblyQualifiedName!,
        };
    }

    private ITrigger NextTrigger() => TriggerBuilder.Create()
        .WithIdentity(Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture))
        .ForJob(Job)
        .UsingJobData("payload", JobSamples.NextPayload().GetRawText())
        .StartNow()
        .Build();

    private sealed class NoOperation : IJob
    {
        public Task Execute(IJobExecutionContext context)
        {
            ((JobRuns)context.Scheduler.Context[RunsKey]!).Add();
            return Task.CompletedTask;
        }
    }
}
