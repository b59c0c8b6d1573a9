using System.Collections.Concurrent;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

public abstract class JobWorkerTests(TestDatabases databases) : JobTests(databases)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    [Fact]
    public async Task What_the_handler_says_becomes_of_the_job()
    {
        var outcomes = new Dictionary<string, Func<JobOutcome>>
        {
            ["\"done\""] = () => JobOutcome.Done(Json("[1]")),
            ["\"nothing\""] = () => JobOutcome.Done(),
            ["\"failed\""] = () => JobOutcome.Fail("no", retry: false),
            ["\"refused\""] = () => throw new JobFailedException("never"),
            ["\"absent\""] = () => null!,
            ["\"wrong\""] = () => JobOutcome.Snooze(TimeSpan.FromDays(-1)),
            ["\"snoozed\""] = () => JobOutcome.Snooze(TimeSpan.FromDays(1)),
            ["\"broken\""] = () => throw new TimeoutException("late"),
            ["\"unapprovable\""] = () => JobOutcome.WaitForApproval(Guid.Empty, TimeSpan.FromDays(1)),
        };
        await using var host = await StartAsync((context, _) => Task.FromResult(outcomes[context.Job.Payload!.Value.GetRawText()]()));
        var jobs = await Jobs.EnqueueAsync([.. outcomes.Keys.Select(k => New with { Payload = Json(k), MaxAttempts = 3 })], Cancellation);

        await UntilAsync(async () => (await Task.WhenAll(jobs.Select(j => FindAsync(j.Id)))).All(j => j.Status != JobStatus.Running && j.Epoch > 0));

        var found = (await Task.WhenAll(jobs.Select(j => FindAsync(j.Id)))).Select(j => (j.Status, j.Result?.GetRawText(), j.Error, j.Attempts));
        Assert.Equal(
            [
                (JobStatus.Done, "[1]", null, 1), (JobStatus.Done, null, null, 1), (JobStatus.Failed, null, "no", 1),
                (JobStatus.Failed, null, "never", 1), (JobStatus.Failed, null, "The handler returned no outcome.", 1),
            ],
            found.Take(5));
        Assert.Contains("time to wait", found.ElementAt(5).Error, StringComparison.Ordinal);
        Assert.Equal((JobStatus.Failed, JobStatus.Queued, 0), (found.ElementAt(5).Status, found.ElementAt(6).Status, found.ElementAt(6).Attempts));
        Assert.Equal((JobStatus.Queued, null, "System.TimeoutException: late", 1), found.ElementAt(7));
        Assert.Equal(JobStatus.Failed, found.ElementAt(8).Status);
        Assert.Contains($"{Guid.Empty}", found.ElementAt(8).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_throws_is_tried_as_often_as_the_job_says_and_then_the_job_is_dead()
    {
        var attempts = new ConcurrentQueue<(int, string)>();
        await using var host = await StartAsync(
            (context, _) =>
            {
                attempts.Enqueue((context.Attempt, context.IdempotencyKey));
                throw new InvalidOperationException("secret");
            },
            options: o => o.Jobs.RetryDelay = TimeSpan.FromMilliseconds(10));

        var job = await Jobs.EnqueueAsync(New with { MaxAttempts = 3, Payload = Json("\"secret\"") }, Cancellation);

        await UntilAsync(job.Id, JobStatus.Failed);

        // The worker writes to its log once the row is written.
        await host.StopAsync(Cancellation);
        Assert.Equal([(1, $"job:{job.Id}"), (2, $"job:{job.Id}"), (3, $"job:{job.Id}")], attempts);
        Assert.Equal(3, host.Log.Count(l => l.StartsWith("Warning Attempt", StringComparison.Ordinal)));
        Assert.DoesNotContain(host.Log, l => l.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_runs_as_many_at_once_as_it_may_each_once()
    {
        var (running, most, runs) = (0, 0, new ConcurrentDictionary<Guid, int>());
        await using var host = await StartAsync(
            async (context, ct) =>
            {
                RaiseTo(ref most, Interlocked.Increment(ref running));
                await Task.Delay(Random.Shared.Next(10), ct);
                Interlocked.Decrement(ref running);
                runs.AddOrUpdate(context.Job.Id, 1, (_, n) => n + 1);
                return JobOutcome.Done();
            },
            o => (o.Concurrency, o.Prefetch) = (3, 10));

        await Jobs.EnqueueAsync([.. Enumerable.Repeat(New, 60)], Cancellation);

        await UntilDoneAsync(60);
        Assert.Equal((60, 3), (runs.Count, most));
        Assert.All(runs.Values, n => Assert.Equal(1, n));
    }

    [Fact]
    public async Task A_job_of_this_process_starts_at_once_however_rarely_it_polls()
    {
        await using var host = await StartAsync((_, _) => Task.FromResult(JobOutcome.Done()), o => o.PollInterval = Never);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);

        await host.Jobs.EnqueueAsync(New, Cancellation);
        await UntilDoneAsync(1);
        await using (var transaction = await host.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Jobs.EnqueueAsync(New, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        await UntilDoneAsync(2);
    }

    [Fact]
    public async Task A_job_that_nobody_tells_of_is_found_by_polling()
    {
        await using var host = await StartAsync((_, _) => Task.FromResult(JobOutcome.Done()), options: o => o.Jobs.NotifyWorkers = false);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);

        await Jobs.EnqueueAsync([New, New with { Delay = TimeSpan.FromMilliseconds(300) }], Cancellation);

        await UntilDoneAsync(2);
    }

    [Fact]
    public async Task A_job_that_takes_longer_than_its_lease_is_held_all_the_same()
    {
        await using var host = await StartAsync(
            async (_, ct) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(5), ct);
                return JobOutcome.Done();
            },
            o => o.Lease = TimeSpan.FromSeconds(3));
        var job = await host.Jobs.EnqueueAsync(New with { MaxAttempts = 3 }, Cancellation);
        await UntilAsync(job.Id, JobStatus.Running);

        while ((await FindAsync(job.Id)).Status == JobStatus.Running)
        {
            Assert.Empty(await ClaimAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        var done = await FindAsync(job.Id);
        Assert.Equal((JobStatus.Done, 1, 1L), (done.Status, done.Attempts, done.Epoch));
    }

    [Fact]
    public async Task Canceling_a_running_job_stops_its_handler_and_leaves_it_canceled()
    {
        var (started, told) = (Awaited<Guid>(), Awaited<bool>());
        await using var host = await StartAsync(
            async (context, ct) =>
            {
                started.SetResult(context.Job.Id);
                await using var _ = ct.Register(() => told.SetResult(true));
                await Task.Delay(Timeout.Infinite, ct);
                return JobOutcome.Done();
            },
            o => o.Lease = TimeSpan.FromSeconds(3));
        await host.Jobs.EnqueueAsync(New with { MaxAttempts = 3 }, Cancellation);
        var id = await started.Task.WaitAsync(Soon, Cancellation);

        await Jobs.CancelAsync(id, Cancellation);

        Assert.True(await told.Task.WaitAsync(Soon, Cancellation));
        await UntilAsync(id, JobStatus.Canceled);
    }

    [Fact]
    public async Task A_handler_whose_lease_is_lost_is_stopped_and_changes_nothing()
    {
        var (started, ended) = (Awaited<Guid>(), Awaited<bool>());
        await using var host = await StartAsync(
            async (context, ct) =>
            {
                started.SetResult(context.Job.Id);
                await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ended.SetResult(true);
                return JobOutcome.Done(Json("\"zombie\""));
            },
            o => o.Lease = TimeSpan.FromSeconds(3));
        await host.Jobs.EnqueueAsync(New with { MaxAttempts = 3 }, Cancellation);
        var id = await started.Task.WaitAsync(Soon, Cancellation);

        await Database.ExecuteAsync(
            $"UPDATE agent_reactive_jobs SET token = '{Guid.CreateVersion7()}', epoch = epoch + 1 WHERE id = '{id}'");

        Assert.True(await ended.Task.WaitAsync(Soon, Cancellation));
        await host.StopAsync(Cancellation);
        Assert.Equal((JobStatus.Running, null), ((await FindAsync(id)).Status, (await FindAsync(id)).Result));
        Assert.Contains(host.Log, l => l.Contains($"The lease on job {id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_stops_gives_back_what_it_holds_and_keeps_what_is_done_meanwhile()
    {
        var started = new CountdownEvent(2);
        await using var host = await StartAsync(
            async (context, ct) =>
            {
                started.Signal();
                await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return context.Job.Priority > 0 ? JobOutcome.Done() : throw new OperationCanceledException(ct);
            },
            o => (o.Concurrency, o.Prefetch) = (2, 5));
        var jobs = await host.Jobs.EnqueueAsync([New with { Priority = 2 }, New with { Priority = 1 }, New, New, New], Cancellation);
        await Task.Run(() => started.Wait(Soon), Cancellation);

        await host.StopAsync(Cancellation);

        var found = await Task.WhenAll(jobs.Select(j => FindAsync(j.Id)));
        Assert.Equal([JobStatus.Done, JobStatus.Done, JobStatus.Queued, JobStatus.Queued, JobStatus.Queued], found.Select(j => j.Status));
        Assert.All(found.Skip(2), j => Assert.Equal(0, j.Attempts));
        Assert.Equal(3, (await ClaimAsync()).Count);
    }

    [Fact]
    public async Task A_handler_that_does_not_stop_in_the_hosts_time_is_left_to_its_lease()
    {
        var (started, end) = (Awaited<bool>(), Awaited<bool>());
        var host = await StartAsync(
            async (_, _) =>
            {
                started.TrySetResult(true);
                await end.Task;
                return JobOutcome.Done();
            },
            o => o.Lease = TimeSpan.FromSeconds(1));
        await Jobs.EnqueueAsync(New with { MaxAttempts = 2 }, Cancellation);
        await started.Task.WaitAsync(Soon, Cancellation);

        await host.StopAsync(new CancellationToken(canceled: true));

        await UntilAsync(async () => (await ClaimAsync()).Count == 1, TimeSpan.FromSeconds(10));
        end.SetResult(true);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_handler_can_settle_the_job_in_the_transaction_of_its_effect()
    {
        var database = default(IAgentDatabase);
        await using var host = await StartAsync(async (context, ct) =>
        {
            await using var transaction = await database!.BeginTransactionAsync(ct);
            await transaction.Jobs.EnqueueAsync(New with { Mode = Mode + "-next", UniqueKey = context.IdempotencyKey }, ct);
            await transaction.Jobs.CompleteAsync(context.Claim, Json("1"), ct);
            await transaction.CommitAsync(ct);
            return JobOutcome.Settled;
        });
        database = host.Database;

        var job = await Jobs.EnqueueAsync(New, Cancellation);

        await UntilAsync(job.Id, JobStatus.Done);
        Assert.Equal($"job:{job.Id}", Assert.Single(await Jobs.QueryAsync(new JobQuery { Mode = Mode + "-next" }, Cancellation)).UniqueKey);
    }

    private Task<JobHost> StartAsync(
        Handle handle, Action<JobHandlerOptions>? configure = null, Action<AgentPersistenceOptions>? options = null) =>
        JobHost.StartAsync(Database, Mode, handle, configure, options);

    private Task UntilDoneAsync(int count) => UntilAsync(
        async () => (await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Done, Limit = 1_000 }, Cancellation)).Count == count);

    private static TaskCompletionSource<T> Awaited<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void RaiseTo(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen;)
        {
            seen = Volatile.Read(ref most);
        }
    }
}
