using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

/// <summary>What an enqueue or a requeue meets, and what can be read.</summary>
public abstract class JobUniqueKeyTests(TestDatabases databases) : JobTests(databases)
{
    [Fact]
    public async Task A_unique_key_holds_while_its_job_is_queued_or_running()
    {
        var job = New with { UniqueKey = NewId("key"), MaxAttempts = 2 };
        var first = await Jobs.EnqueueAsync(job, Cancellation);

        var whileQueued = await Jobs.EnqueueAsync(job with { Payload = Json("2") }, Cancellation);
        var claim = await ClaimOneAsync();
        var whileRunning = await Jobs.EnqueueAsync(job, Cancellation);
        await Jobs.CompleteAsync(claim, cancellationToken: Cancellation);
        var after = await Jobs.EnqueueAsync(job, Cancellation);

        Assert.Equal(first with { AlreadyQueued = true }, whileQueued);
        Assert.Equal((first.Id, JobStatus.Running, true), (whileRunning.Id, whileRunning.Status, whileRunning.AlreadyQueued));
        Assert.NotEqual(first.Id, after.Id);
        Assert.False(after.AlreadyQueued);
    }

    [Fact]
    public async Task An_id_is_stored_once_in_whatever_status_it_is()
    {
        var job = New with { Id = Guid.CreateVersion7() };
        var first = await Jobs.EnqueueAsync(job, Cancellation);
        var claim = await ClaimOneAsync();
        await Jobs.CompleteAsync(claim, cancellationToken: Cancellation);

        var again = await Jobs.EnqueueAsync(job with { Payload = Json("2") }, Cancellation);

        Assert.Equal((job.Id, false), (first.Id, first.AlreadyQueued));
        Assert.Equal((job.Id, true, JobStatus.Done), (again.Id, again.AlreadyQueued, again.Status));
        Assert.Null(again.Payload);
    }

    [Fact]
    public async Task Many_are_stored_in_one_call_but_those_that_meet_another()
    {
        var (key, id) = (NewId("key"), Guid.CreateVersion7());
        var held = await Jobs.EnqueueAsync(New with { UniqueKey = key }, Cancellation);

        var jobs = await Jobs.EnqueueAsync(
            [
                New, New with { UniqueKey = key }, New with { UniqueKey = key + "2", Payload = Json("1") },
                New with { UniqueKey = key + "2", Payload = Json("2") }, New with { Id = id }, New with { Id = id },
            ],
            Cancellation);

        Assert.Equal(held.Id, jobs[1].Id);
        Assert.Equal(jobs[2].Id, jobs[3].Id);
        Assert.Equal((id, id), (jobs[4].Id, jobs[5].Id));
        Assert.Equal(3, jobs.Count(j => j.AlreadyQueued));
        Assert.Equal(4, (await Jobs.QueryAsync(new JobQuery { Mode = Mode }, Cancellation)).Count);
        Assert.Empty(await Jobs.EnqueueAsync([], Cancellation));
    }

    [Fact]
    public async Task One_of_many_callers_with_one_key_stores_a_job_and_all_get_it()
    {
        var key = NewId("key");

        var jobs = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => (i % 2 == 0)
            ? Jobs.EnqueueAsync(New with { UniqueKey = key }, Cancellation)
            : FirstAsync(Jobs.EnqueueAsync([New with { UniqueKey = key }, New with { UniqueKey = $"{key}-{i}" }], Cancellation)))));

        Assert.Single(jobs, j => !j.AlreadyQueued);
        Assert.Single(jobs.DistinctBy(j => j.Id));
    }

    [Fact]
    public async Task A_failed_or_canceled_job_can_be_requeued_with_all_its_attempts()
    {
        var failed = await BeginAsync();
        await Jobs.FailAsync(failed, "broken", cancellationToken: Cancellation);
        var canceled = await Jobs.EnqueueAsync(New with { Delay = TimeSpan.FromDays(1) }, Cancellation);
        await Jobs.CancelAsync(canceled.Id, Cancellation);

        var requeued = await Jobs.RequeueAsync(failed.Job.Id, Cancellation);
        await Jobs.RequeueAsync(canceled.Id, Cancellation);
        var claims = await ClaimAsync();

        Assert.Equal((JobStatus.Queued, 0, "broken", null), (requeued.Status, requeued.Attempts, requeued.Error, requeued.FinishedAt));
        Assert.Equal([canceled.Id, failed.Job.Id], claims.Select(c => c.Job.Id).OrderByDescending(id => id == canceled.Id));
        Assert.All(claims, c => Assert.Equal((1, false), (c.Attempt, c.Job.CancelRequested)));
        Assert.Equal(3, claims.Single(c => c.Job.Id == failed.Job.Id).Epoch);
    }

    [Fact]
    public async Task A_job_that_is_not_dead_cannot_be_requeued()
    {
        var queued = await Jobs.EnqueueAsync(New, Cancellation);
        var first = await Assert.ThrowsAsync<JobConflictException>(() => Jobs.RequeueAsync(queued.Id, Cancellation));
        var claim = await ClaimOneAsync();
        var second = await Assert.ThrowsAsync<JobConflictException>(() => Jobs.RequeueAsync(queued.Id, Cancellation));
        await Jobs.CompleteAsync(claim, cancellationToken: Cancellation);
        var third = await Assert.ThrowsAsync<JobConflictException>(() => Jobs.RequeueAsync(queued.Id, Cancellation));

        Assert.Equal([JobStatus.Queued, JobStatus.Running, JobStatus.Done], new[] { first, second, third }.Select(c => c.Status));
        await Assert.ThrowsAsync<JobNotFoundException>(() => Jobs.RequeueAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task A_job_whose_key_another_has_by_now_cannot_be_requeued()
    {
        var key = NewId("key");
        var failed = await BeginAsync(New with { UniqueKey = key });
        await Jobs.FailAsync(failed, "x", cancellationToken: Cancellation);
        await Jobs.EnqueueAsync(New with { UniqueKey = key }, Cancellation);

        var refused = await Assert.ThrowsAsync<JobConflictException>(() => Jobs.RequeueAsync(failed.Job.Id, Cancellation));

        Assert.Equal((failed.Job.Id, JobStatus.Failed, key), (refused.JobId, refused.Status, refused.UniqueKey));
        Assert.Equal(JobStatus.Failed, (await FindAsync(failed)).Status);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_by_every_filter_and_pages_meet_without_a_gap()
    {
        var (thread, message) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var jobs = await Jobs.EnqueueAsync(
            [.. Enumerable.Range(0, 7).Select(i => New with { ThreadId = i % 2 == 0 ? thread : null, TriggerMessageId = i == 3 ? message : null })],
            Cancellation);
        await Jobs.CancelAsync(jobs[5].Id, Cancellation);
        foreach (var (claim, i) in (await ClaimAsync(3)).Select((c, i) => (c, i)))
        {
            await (i == 0 ? Jobs.FailAsync(claim, "x", cancellationToken: Cancellation) : Jobs.CompleteAsync(claim, cancellationToken: Cancellation));
        }

        async Task<IEnumerable<int>> Found(JobQuery query) =>
            (await Jobs.QueryAsync(query with { Mode = Mode }, Cancellation)).Select(found => jobs.ToList().FindIndex(j => j.Id == found.Id));

        Assert.Equal([6, 5, 4, 3, 2, 1, 0], await Found(new JobQuery()));
        Assert.Equal([6, 4, 2, 0], await Found(new JobQuery { ThreadId = thread }));
        Assert.Equal([3], await Found(new JobQuery { TriggerMessageId = message }));
        Assert.Equal([0], await Found(new JobQuery { Status = JobStatus.Failed }));
        Assert.Equal([5], await Found(new JobQuery { Status = JobStatus.Canceled }));
        Assert.Equal([2, 1], await Found(new JobQuery { Status = JobStatus.Done }));
        Assert.Equal([6, 4, 3], await Found(new JobQuery { Status = JobStatus.Queued }));
        Assert.Empty(await Found(new JobQuery { Status = JobStatus.Running }));
        Assert.Equal([4, 3, 2], await Found(new JobQuery { After = jobs[5], Limit = 3 }));
        Assert.Equal([1, 0], await Found(new JobQuery { After = jobs[2], Limit = 3 }));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_its_name()
    {
        async Task Refused(string name, Func<Task> call) =>
            Assert.Equal(name, (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName);

        await Refused(nameof(NewJob.Priority), () => Jobs.EnqueueAsync(New with { Priority = 101 }, Cancellation));
        await Refused(nameof(NewJob.MaxAttempts), () => Jobs.EnqueueAsync(New with { MaxAttempts = 0 }, Cancellation));
        await Refused(nameof(NewJob.Delay), () => Jobs.EnqueueAsync(New with { Delay = TimeSpan.FromTicks(-1) }, Cancellation));
        await Refused(nameof(NewJob.RunAt), () => Jobs.EnqueueAsync(New with { Delay = TimeSpan.Zero, RunAt = DateTimeOffset.UtcNow }, Cancellation));
        await Refused("modes", () => Jobs.ClaimAsync([], cancellationToken: Cancellation));
        await Refused("limit", () => Jobs.ClaimAsync([Mode], 1_001, cancellationToken: Cancellation));
        await Refused("lease", () => Jobs.ClaimAsync([Mode], 1, TimeSpan.FromDays(8), cancellationToken: Cancellation));
        await Refused("delay", () => Jobs.SnoozeAsync(new JobClaim { Job = new Job() }, TimeSpan.FromDays(40_000), Cancellation));
        await Refused(nameof(JobQuery.Limit), () => Jobs.QueryAsync(new JobQuery { Limit = 0 }, Cancellation));
        await Refused(nameof(JobQuery.Status), () => Jobs.QueryAsync(new JobQuery { Status = (JobStatus)9 }, Cancellation));
        Assert.Empty(await Jobs.QueryAsync(new JobQuery { Mode = Mode }, Cancellation));
    }

    private static async Task<Job> FirstAsync(Task<IReadOnlyList<Job>> jobs) => (await jobs)[0];
}
