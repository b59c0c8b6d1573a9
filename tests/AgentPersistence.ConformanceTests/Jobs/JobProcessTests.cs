using System.Globalization;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

/// <summary>Workers that are processes of their own, and die.</summary>
public abstract class JobProcessTests(TestDatabases databases) : JobTests(databases)
{
    private const int Count = 5_000;

    private static readonly TimeSpan Massacre = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private bool IsSqlite => Database.Kind == DatabaseKind.Sqlite;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("CREATE TABLE IF NOT EXISTS effects (name varchar(255))");
    }

    [Fact]
    public async Task Five_thousand_jobs_take_effect_once_each_while_a_worker_is_killed_every_second()
    {
        await Jobs.EnqueueAsync([.. Enumerable.Repeat(New with { MaxAttempts = 5 }, Count)], Cancellation);
        var workers = Enumerable.Range(0, IsSqlite ? 2 : 4).Select(_ => StartWorker()).ToList();
        try
        {
            await Task.WhenAll(workers.Select(w => w.WaitForLineAsync("ready")));
            var kills = await KillAsync(workers);
            await UntilAsync(async () => await CountAsync("status IN ('queued', 'running')") == 0, Patience);

            var (done, retried) = (await CountAsync("status = 'done'"), await CountAsync("attempts > 1"));
            TestContext.Current.SendDiagnosticMessage($"{GetType().Name}: {kills} kills, {done} done, {retried} of them after another attempt");
            Assert.Equal(Count, done);
            Assert.Equal(Count, await Database.CountAsync("effects"));
            Assert.Equal((long)Count, Convert.ToInt64(
                await Database.ScalarAsync("SELECT count(DISTINCT name) FROM effects"), CultureInfo.InvariantCulture));
            Assert.InRange(kills, 40, 60);
            Assert.InRange(retried, 1, Count);
            foreach (var worker in workers)
            {
                await worker.WriteLineAsync("bye");
                await worker.WaitForLineAsync("stopped");
                await worker.WaitForExitAsync();
            }
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_worker_that_stops_gives_back_what_it_has_not_finished()
    {
        var jobs = await Jobs.EnqueueAsync([.. Enumerable.Repeat(New, 3)], Cancellation);
        await using var worker = StartWorker(milliseconds: 100_000_000, lease: 60_000);
        await worker.WaitForLineAsync("ready");
        await UntilAsync(jobs[2].Id, JobStatus.Running);

        await worker.WriteLineAsync("bye");
        await worker.WaitForLineAsync("stopped");

        Assert.All(await ClaimAsync(), c => Assert.Equal((1, 2L), (c.Attempt, c.Epoch)));
        Assert.Equal(3, (await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Running }, Cancellation)).Count);
        await worker.WaitForExitAsync();
    }

    private HostProcess StartWorker(int milliseconds = 80, int lease = 2_500) => HostProcess.Start(
        "job-work", $"{Database.Kind}", Database.ConnectionString, Mode, "4", Text(milliseconds), Text(lease));

    /// <summary>Kills a worker every second, whichever it is, and starts another; returns how many.</summary>
    private async Task<int> KillAsync(List<HostProcess> workers)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var kills = 0; ; kills++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
            if (TimeProvider.System.GetElapsedTime(started) > Massacre)
            {
                return kills;
            }

            var victim = Random.Shared.Next(workers.Count);
            await workers[victim].KillAsync();
            await workers[victim].DisposeAsync();
            workers[victim] = StartWorker();
        }
    }

    private async Task<int> CountAsync(string condition) => Convert.ToInt32(
        await Database.ScalarAsync($"SELECT count(*) FROM agent_reactive_jobs WHERE mode = '{Mode}' AND {condition}"), CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
