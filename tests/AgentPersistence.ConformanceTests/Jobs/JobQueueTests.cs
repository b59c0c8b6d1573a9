using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

public abstract class JobQueueTests(TestDatabases databases) : JobTests(databases)
{
    [Fact]
    public async Task A_job_is_stored_with_all_it_was_given()
    {
        var (thread, message) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var job = await Jobs.EnqueueAsync(
            new NewJob
            {
                Mode = Mode,
                Payload = Json("""{ "a" : 1.50, "a" : null }"""),
                ThreadId = thread,
                TriggerMessageId = message,
                Priority = -7,
                UniqueKey = NewId("key"),
                MaxAttempts = 5,
            },
            Cancellation);

        Assert.Equal(7, job.Id.Version);
        Assert.Equal(
            (Mode, JobStatus.Queued, thread, message, -7, 0, 5), (job.Mode, job.Status, job.ThreadId!.Value, job.TriggerMessageId!.Value,
            job.Priority, job.Attempts, job.MaxAttempts));
        Assert.Equal("""{ "a" : 1.50, "a" : null }""", job.Payload!.Value.GetRawText());
        Assert.InRange(job.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(job.CreatedAt, job.RunAt);
        Assert.Equal(job, await Jobs.FindAsync(job.Id, Cancellation));
        Assert.Null(await Jobs.FindAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task A_job_without_anything_is_to_be_tried_once()
    {
        var job = await Jobs.EnqueueAsync(New, Cancellation);

        Assert.Equal((0, 1, null, null), (job.Priority, job.MaxAttempts, job.UniqueKey, job.Payload));
        Assert.False(job.AlreadyQueued);
        Assert.Equal("null", (await Jobs.EnqueueAsync(New with { Payload = Json("null") }, Cancellation)).Payload!.Value.GetRawText());
    }

    [Fact]
    public async Task A_claim_takes_what_is_due_by_priority_then_by_time_then_by_id()
    {
        var start = DateTimeOffset.UtcNow.AddMinutes(-10);
        var jobs = await Jobs.EnqueueAsync(
            [
                New with { RunAt = start.AddSeconds(2) }, New with { RunAt = start.AddSeconds(1) }, New with { Priority = 1 },
                New with { RunAt = start.AddSeconds(1) }, New with { Priority = -1, RunAt = start }, New with { Delay = TimeSpan.FromHours(1), Priority = 9 },
            ],
            Cancellation);

        var first = await ClaimAsync(3);
        var rest = await ClaimAsync();

        Assert.Equal([jobs[2].Id, jobs[1].Id, jobs[3].Id], first.Select(c => c.Job.Id));
        Assert.Equal([jobs[0].Id, jobs[4].Id], rest.Select(c => c.Job.Id));
        Assert.Equal(jobs[5], await FindAsync(jobs[5].Id));
    }

    [Fact]
    public async Task A_claim_tells_who_holds_the_job_and_until_when()
    {
        var enqueued = await Jobs.EnqueueAsync(New with { Payload = Json("[1]") }, Cancellation);

        var claim = await ClaimOneAsync(TimeSpan.FromMinutes(2));

        Assert.Equal((1, 1L, TimeSpan.FromMinutes(2)), (claim.Attempt, claim.Epoch, claim.Lease));
        Assert.Equal((JobStatus.Running, "tester", "[1]"), (claim.Job.Status, claim.Job.Worker, claim.Job.Payload?.GetRawText()));
        Assert.Equal((enqueued.Id, claim.Job.LeaseUntil), (claim.Job.Id, claim.LeaseUntil));
        Assert.Equal(claim.Job.StartedAt!.Value + TimeSpan.FromMinutes(2), claim.LeaseUntil, TimeSpan.FromSeconds(1));
        Assert.Equal(claim.Job, await FindAsync(claim));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task Only_the_modes_that_are_named_are_claimed_and_each_once()
    {
        string[] modes = [Mode, $"{Mode}-b", $"{Mode}-c"];
        await Jobs.EnqueueAsync([.. modes.SelectMany(m => Enumerable.Repeat(new NewJob { Mode = m }, 3))], Cancellation);

        var claims = await Jobs.ClaimAsync([modes[0], modes[2], modes[0]], 4, cancellationToken: Cancellation);
        var more = await Jobs.ClaimAsync([modes[0], modes[2]], 100, cancellationToken: Cancellation);

        Assert.Equal((4, 2), (claims.Count, more.Count));
        Assert.Equal(6, claims.Concat(more).DistinctBy(c => c.Job.Id).Count());
        Assert.DoesNotContain(claims.Concat(more), c => c.Job.Mode == modes[1]);
        Assert.Equal(3, (await Jobs.QueryAsync(new JobQuery { Mode = modes[1], Status = JobStatus.Queued }, Cancellation)).Count);
    }

    [Fact]
    public async Task A_completed_job_keeps_its_result_and_is_not_claimed_again()
    {
        var claim = await BeginAsync();

        await Jobs.CompleteAsync(claim, Json("""{"answer":42}"""), Cancellation);

        var done = await FindAsync(claim);
        Assert.Equal((JobStatus.Done, """{"answer":42}"""), (done.Status, done.Result?.GetRawText()));
        Assert.NotNull(done.FinishedAt);
        Assert.Null(done.LeaseUntil);
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task A_failed_attempt_is_retried_after_growing_delays_while_attempts_are_left()
    {
        var time = new ManualTimeProvider();
        await using var agent = new Agent(Database, time, o => o.Jobs.RetryDelay = TimeSpan.FromSeconds(8));
        var id = (await agent.Jobs.EnqueueAsync(New with { MaxAttempts = 3 }, Cancellation)).Id;
        var waits = new List<TimeSpan>();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var claim = Assert.Single(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
            Assert.Equal(attempt, claim.Attempt);
            Assert.Equal(JobStatus.Queued, await agent.Jobs.FailAsync(claim, $"error {attempt}", cancellationToken: Cancellation));
            var queued = (await agent.Jobs.FindAsync(id, Cancellation))!;
            Assert.Equal($"error {attempt}", queued.Error);
            waits.Add(queued.RunAt - time.GetUtcNow());
            time.Advance(waits[^1] - TimeSpan.FromMilliseconds(1));
            Assert.Empty(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var last = Assert.Single(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
        Assert.Equal(JobStatus.Failed, await agent.Jobs.FailAsync(last, "error 3", cancellationToken: Cancellation));

        Assert.InRange(waits[0], TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(10));
        Assert.InRange(waits[1], TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(20));
        var dead = (await agent.Jobs.FindAsync(id, Cancellation))!;
        Assert.Equal((JobStatus.Failed, "error 3", 3, time.GetUtcNow()), (dead.Status, dead.Error, dead.Attempts, dead.FinishedAt));
    }

    [Fact]
    public async Task An_attempt_that_is_not_to_be_retried_fails_the_job_whatever_is_left()
    {
        var claim = await BeginAsync(New with { MaxAttempts = 9 });

        Assert.Equal(JobStatus.Failed, await Jobs.FailAsync(claim, "never", retry: false, Cancellation));

        Assert.Equal((JobStatus.Failed, "never"), ((await FindAsync(claim)).Status, (await FindAsync(claim)).Error));
    }

    [Fact]
    public async Task A_snoozed_and_a_released_job_go_on_and_no_attempt_counts()
    {
        var time = new ManualTimeProvider();
        await using var agent = new Agent(Database, time);
        await agent.Jobs.EnqueueAsync(New, Cancellation);

        var claim = Assert.Single(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
        Assert.Equal(JobStatus.Queued, await agent.Jobs.SnoozeAsync(claim, TimeSpan.FromMinutes(5), Cancellation));
        Assert.Empty(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
        time.Advance(TimeSpan.FromMinutes(5));
        var again = Assert.Single(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
        Assert.Equal(JobStatus.Queued, await agent.Jobs.ReleaseAsync(again, Cancellation));
        var last = Assert.Single(await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));

        Assert.Equal((1, 1, 1), (claim.Attempt, again.Attempt, last.Attempt));
        Assert.Equal((1L, 2L, 3L), (claim.Epoch, again.Epoch, last.Epoch));
        await agent.Jobs.CompleteAsync(last, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_queued_job_is_canceled_at_once_and_an_ended_one_stays_as_it_is()
    {
        var queued = await Jobs.EnqueueAsync(New, Cancellation);

        var canceled = await Jobs.CancelAsync(queued.Id, Cancellation);
        var again = await Jobs.CancelAsync(queued.Id, Cancellation);
        var claim = await BeginAsync();
        await Jobs.CompleteAsync(claim, cancellationToken: Cancellation);
        var done = await Jobs.CancelAsync(claim.Job.Id, Cancellation);

        Assert.Equal(JobStatus.Canceled, canceled.Status);
        Assert.NotNull(canceled.FinishedAt);
        Assert.Equal(canceled, again);
        Assert.Equal(JobStatus.Done, done.Status);
        Assert.Empty(await ClaimAsync());
        var missing = await Assert.ThrowsAsync<JobNotFoundException>(() => Jobs.CancelAsync(claim.Token, Cancellation));
        Assert.Equal(claim.Token, missing.JobId);
    }

    [Theory]
    [InlineData("complete", JobStatus.Done)]
    [InlineData("fail", JobStatus.Canceled)]
    [InlineData("fail for good", JobStatus.Failed)]
    [InlineData("snooze", JobStatus.Canceled)]
    [InlineData("release", JobStatus.Canceled)]
    public async Task Canceling_a_running_job_ends_what_would_run_again_and_never_a_completion(string how, JobStatus expected)
    {
        var claim = await BeginAsync(New with { MaxAttempts = 3 });
        Assert.False((await Jobs.HeartbeatAsync(claim, Cancellation)).CancelRequested);

        var asked = await Jobs.CancelAsync(claim.Job.Id, Cancellation);
        var heartbeat = await Jobs.HeartbeatAsync(claim, Cancellation);
        Task settled = how switch
        {
            "complete" => Jobs.CompleteAsync(claim, cancellationToken: Cancellation),
            "fail" => Jobs.FailAsync(claim, "x", cancellationToken: Cancellation),
            "fail for good" => Jobs.FailAsync(claim, "x", retry: false, Cancellation),
            "snooze" => Jobs.SnoozeAsync(claim, TimeSpan.FromSeconds(1), Cancellation),
            _ => Jobs.ReleaseAsync(claim, Cancellation),
        };
        await settled;

        Assert.Equal((JobStatus.Running, true), (asked.Status, asked.CancelRequested));
        Assert.True(heartbeat.CancelRequested);
        Assert.Equal(expected, (await FindAsync(claim)).Status);
        Assert.Equal(expected, settled is Task<JobStatus> status ? await status : JobStatus.Done);
        Assert.NotNull((await FindAsync(claim)).FinishedAt);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_500)]
    public async Task Few_queued_jobs_and_many_are_paged_alike(int count)
    {
        var jobs = await Jobs.EnqueueAsync([.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? New : New with { Mode = $"{Mode}-other" })], Cancellation);
        var query = new JobQuery { Mode = Mode, Status = JobStatus.Queued, Limit = 40 };

        var first = await Jobs.QueryAsync(query, Cancellation);
        var second = await Jobs.QueryAsync(query with { After = first[^1] }, Cancellation);

        var newest = jobs.Where(j => j.Mode == Mode).Select(j => j.Id).OrderDescending().ToList();
        Assert.Equal(newest.Take(Math.Min(80, newest.Count)), first.Concat(second).Select(j => j.Id));
        await ClaimAsync(limit: 1);
        Assert.Equal(newest.Count - 1, (await Jobs.QueryAsync(query with { Limit = 10_000 }, Cancellation)).Count);
        Assert.Single(await Jobs.QueryAsync(query with { Status = JobStatus.Running }, Cancellation));
    }
}
