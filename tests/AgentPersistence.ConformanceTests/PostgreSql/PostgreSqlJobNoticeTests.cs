using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;
using AgentPersistence.Jobs;
using Npgsql;

namespace AgentPersistence.ConformanceTests.PostgreSql;

/// <summary>Workers are told of the jobs of other processes at once, and need not be.</summary>
public sealed class PostgreSqlJobNoticeTests(PostgreSqlDatabases databases) : JobTests(databases)
{
    [Fact]
    public async Task A_job_of_another_process_starts_at_once_however_rarely_the_worker_polls()
    {
        await using var host = await StartAsync(TimeSpan.FromDays(1));
        await UntilAsync(async () => await ListenersAsync() > 0);

        var job = await Jobs.EnqueueAsync(New, Cancellation);

        await UntilAsync(job.Id, JobStatus.Done);
    }

    [Fact]
    public async Task A_worker_that_cannot_listen_any_more_finds_its_jobs_by_polling_and_listens_again()
    {
        await using var host = await StartAsync(TimeSpan.FromMilliseconds(100));
        await UntilAsync(async () => await ListenersAsync() > 0);

        await Database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()");
        var job = await Jobs.EnqueueAsync(New, Cancellation);

        await UntilAsync(job.Id, JobStatus.Done);
        await UntilAsync(async () => await ListenersAsync() > 0);
    }

    [Fact]
    public async Task A_job_that_came_while_nobody_could_listen_starts_once_somebody_does_however_rarely_the_worker_polls()
    {
        await using var host = await StartAsync(TimeSpan.FromDays(1));
        await UntilAsync(async () => await ListenersAsync() > 0);
        await using var quiet = new Agent(Database, configure: o => o.Jobs.NotifyWorkers = false);

        // The worker's first look must be over, or it would find the job without being told.
        await UntilAsync((await Jobs.EnqueueAsync(New, Cancellation)).Id, JobStatus.Done);
        var job = await quiet.Jobs.EnqueueAsync(New, Cancellation);
        await Database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()");

        await UntilAsync(job.Id, JobStatus.Done);
    }

    [Fact]
    public async Task No_notice_is_sent_where_none_is_wanted()
    {
        await using var quiet = new Agent(Database, configure: o => o.Jobs.NotifyWorkers = false);
        await using var listener = new NpgsqlConnection(Database.ConnectionString);
        await listener.OpenAsync(Cancellation);
        var heard = new List<string>();
        listener.Notification += (_, notice) => heard.Add(notice.Payload);
        await using (var command = new NpgsqlCommand("LISTEN agent_reactive_jobs", listener))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await quiet.Jobs.EnqueueAsync(New with { Mode = Mode + "-quiet" }, Cancellation);
        await Jobs.EnqueueAsync([.. Enumerable.Repeat(New, 50)], Cancellation);
        Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));

        Assert.Contains(Mode, heard);
        Assert.DoesNotContain(Mode + "-quiet", heard);
    }

    private Task<JobHost> StartAsync(TimeSpan poll) => JobHost.StartAsync(
        Database, Mode, (_, _) => Task.FromResult(JobOutcome.Done()), o => o.PollInterval = poll);

    private async Task<long> ListenersAsync() => (long)(await Database.ScalarAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"))!;
}
