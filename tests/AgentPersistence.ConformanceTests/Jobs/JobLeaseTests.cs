using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

/// <summary>Who holds a job, and who no longer does.</summary>
public abstract class JobLeaseTests(TestDatabases databases) : JobTests(databases)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private Agent _agent = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _agent = new Agent(Database, _time);
    }

    public override async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_lapsed_lease_counts_as_an_attempt_and_the_job_is_claimed_again()
    {
        var first = await BeginTimedAsync(New with { MaxAttempts = 2 });

        _time.Advance(Lease - TimeSpan.FromMicroseconds(1));
        Assert.Empty(await ClaimTimedAsync());
        _time.Advance(TimeSpan.FromMicroseconds(1));
        var second = Assert.Single(await ClaimTimedAsync());

        Assert.Equal((2, 2L), (second.Attempt, second.Epoch));
        Assert.NotEqual(first.Token, second.Token);
        Assert.Equal(_time.GetUtcNow() + Lease, second.LeaseUntil);
    }

    [Fact]
    public async Task A_job_whose_last_attempt_has_lapsed_is_failed_and_kept()
    {
        var claim = await BeginTimedAsync(New);
        _time.Advance(Lease);

        Assert.Empty(await ClaimTimedAsync());

        var dead = await FindAsync(claim);
        Assert.Equal((JobStatus.Failed, 1, _time.GetUtcNow()), (dead.Status, dead.Attempts, dead.FinishedAt));
        Assert.Contains("lapsed", dead.Error, StringComparison.Ordinal);
        Assert.Equal(dead.Id, Assert.Single(await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Failed }, Cancellation)).Id);
        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.CompleteAsync(claim, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_job_that_was_to_be_canceled_is_when_its_lease_has_lapsed()
    {
        var claim = await BeginTimedAsync(New with { MaxAttempts = 5 });
        await _agent.Jobs.CancelAsync(claim.Job.Id, Cancellation);
        _time.Advance(Lease);

        Assert.Empty(await ClaimTimedAsync());

        Assert.Equal(JobStatus.Canceled, (await FindAsync(claim)).Status);
    }

    [Fact]
    public async Task A_job_whose_workers_lease_has_lapsed_is_canceled_at_once()
    {
        var gone = await BeginTimedAsync(New);
        _time.Advance(Lease);
        var held = await _agent.Jobs.EnqueueAsync(New with { Mode = Mode + "-held" }, Cancellation);
        await _agent.Jobs.ClaimAsync([held.Mode], 1, Lease, cancellationToken: Cancellation);

        var canceled = await _agent.Jobs.CancelAsync(gone.Job.Id, Cancellation);
        var running = await _agent.Jobs.CancelAsync(held.Id, Cancellation);

        Assert.Equal(
            (JobStatus.Canceled, _time.GetUtcNow(), false, null),
            (canceled.Status, canceled.FinishedAt, canceled.CancelRequested, canceled.LeaseUntil));
        Assert.Equal((JobStatus.Running, null, true), (running.Status, running.FinishedAt, running.CancelRequested));
        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.CompleteAsync(gone, cancellationToken: Cancellation));
        Assert.Empty(await ClaimTimedAsync());
    }

    [Fact]
    public async Task What_has_lapsed_comes_by_priority_whichever_lapsed_first()
    {
        await _agent.Jobs.EnqueueAsync([New with { MaxAttempts = 2 }], Cancellation);
        await ClaimTimedAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _agent.Jobs.EnqueueAsync([New with { MaxAttempts = 2, Priority = 5 }], Cancellation);
        await ClaimTimedAsync();
        _time.Advance(Lease);

        Assert.Equal((5, 0), (await ClaimPriorityAsync(), await ClaimPriorityAsync()));

        async Task<int> ClaimPriorityAsync() => Assert.Single(await ClaimTimedAsync(limit: 1)).Job.Priority;
    }

    [Fact]
    public async Task What_has_lapsed_for_good_keeps_nobody_from_what_can_be_claimed()
    {
        await _agent.Jobs.EnqueueAsync([.. Enumerable.Repeat(New, 5)], Cancellation);
        await ClaimTimedAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        var alive = await BeginTimedAsync(New with { MaxAttempts = 2 });
        _time.Advance(Lease);

        Assert.Equal(alive.Job.Id, Assert.Single(await ClaimTimedAsync(limit: 1)).Job.Id);
    }

    [Fact]
    public async Task What_has_lapsed_comes_with_what_is_due_and_never_more_than_asked_for()
    {
        await _agent.Jobs.EnqueueAsync([.. Enumerable.Repeat(New with { MaxAttempts = 2 }, 4), .. Enumerable.Repeat(New, 2)], Cancellation);
        Assert.Equal(6, (await ClaimTimedAsync()).Count);
        _time.Advance(Lease);
        await _agent.Jobs.EnqueueAsync([New with { Priority = 3 }, New with { Priority = -3 }], Cancellation);

        var claims = await ClaimTimedAsync(limit: 3);
        var rest = await ClaimTimedAsync();

        Assert.Equal([3, 0, 0], claims.Select(c => c.Job.Priority));
        Assert.Equal([0, 0, -3], rest.Select(c => c.Job.Priority));
        Assert.Equal(2, (await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Failed }, Cancellation)).Count);
    }

    [Fact]
    public async Task A_heartbeat_holds_the_job_for_another_lease()
    {
        var claim = await BeginTimedAsync(New with { MaxAttempts = 2 });

        _time.Advance(TimeSpan.FromSeconds(50));
        var heartbeat = await _agent.Jobs.HeartbeatAsync(claim, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(10), heartbeat.LeaseUntil);
        Assert.Empty(await ClaimTimedAsync());
        await _agent.Jobs.CompleteAsync(claim, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_zombie_changes_nothing_whatever_it_tries()
    {
        var zombie = await BeginTimedAsync(New with { MaxAttempts = 9 });
        _time.Advance(Lease);
        var heir = Assert.Single(await ClaimTimedAsync());
        var held = await FindAsync(heir);

        Func<Task>[] tries =
        [
            () => _agent.Jobs.HeartbeatAsync(zombie, Cancellation),
            () => _agent.Jobs.CompleteAsync(zombie, cancellationToken: Cancellation),
            () => _agent.Jobs.FailAsync(zombie, "zombie", cancellationToken: Cancellation),
            () => _agent.Jobs.SnoozeAsync(zombie, TimeSpan.Zero, Cancellation),
            () => _agent.Jobs.ReleaseAsync(zombie, Cancellation),
        ];
        foreach (var attempt in tries)
        {
            var lost = await Assert.ThrowsAsync<LeaseLostException>(attempt);
            Assert.Equal(("job", zombie.Job.Id.ToString(), zombie.Token), (lost.Kind, lost.Key, lost.Token));
        }

        Assert.Equal(held, await FindAsync(heir));
        await _agent.Jobs.CompleteAsync(heir, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Whoever_still_bears_the_newest_token_may_settle_after_its_lease()
    {
        var claim = await BeginTimedAsync(New);
        _time.Advance(Lease * 3);

        await _agent.Jobs.CompleteAsync(claim, cancellationToken: Cancellation);

        Assert.Equal(JobStatus.Done, (await FindAsync(claim)).Status);
    }

    [Fact]
    public async Task A_settled_claim_can_be_settled_alike_again_and_no_other_way()
    {
        var claim = await BeginTimedAsync(New with { MaxAttempts = 5 });
        await _agent.Jobs.CompleteAsync(claim, Json("1"), Cancellation);

        await _agent.Jobs.CompleteAsync(claim, Json("1"), Cancellation);
        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.CompleteAsync(claim, Json("2"), Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.CompleteAsync(claim, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.FailAsync(claim, "x", cancellationToken: Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.ReleaseAsync(claim, Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.HeartbeatAsync(claim, Cancellation));

        Assert.Equal((JobStatus.Done, "1"), ((await FindAsync(claim)).Status, (await FindAsync(claim)).Result?.GetRawText()));
    }

    [Fact]
    public async Task Who_fails_a_job_that_has_lapsed_for_good_is_told_that_the_error_is_not_stored()
    {
        var claim = await BeginTimedAsync(New);
        _time.Advance(Lease);
        await ClaimTimedAsync();

        await Assert.ThrowsAsync<LeaseLostException>(() => _agent.Jobs.FailAsync(claim, "mine", cancellationToken: Cancellation));

        Assert.Contains("lapsed", (await FindAsync(claim)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_claimers_get_every_job_once_and_each_of_their_completions_answers_for_itself()
    {
        const int Count = 600;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Jobs.EnqueueAsync(New, Cancellation)));

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => DrainAsync(1 + (i * 3)))));
        var strays = claims.Where(c => c.Count > 0).Select(c => c[0] with { Token = Guid.CreateVersion7() });
        var answers = await Task.WhenAll(claims.SelectMany(c => c).Concat(strays).Select(c => Record.ExceptionAsync(
            () => Jobs.CompleteAsync(c, cancellationToken: Cancellation)).AsTask()));

        Assert.Equal(Count, claims.Sum(c => c.Count));
        Assert.Equal(Count, claims.SelectMany(c => c).DistinctBy(c => c.Job.Id).Count());
        Assert.All(answers[..Count], Assert.Null);
        Assert.Equal(Count, await CountDoneAsync());
    }

    [Fact]
    public async Task A_token_of_nobody_is_refused_among_many_that_are_held()
    {
        await Jobs.EnqueueAsync([.. Enumerable.Repeat(New, 20)], Cancellation);
        var claims = await ClaimAsync();
        var strays = claims.Where((_, i) => i % 4 == 0).Select(c => c with { Token = Guid.CreateVersion7() }).ToList();

        var answers = await Task.WhenAll(strays.Concat(claims.Skip(10)).Select(c => Record.ExceptionAsync(
            () => Jobs.CompleteAsync(c, cancellationToken: Cancellation)).AsTask()));

        Assert.All(answers[..strays.Count], refused => Assert.IsType<LeaseLostException>(refused));
        Assert.All(answers[strays.Count..], Assert.Null);
        Assert.Equal(10, await CountDoneAsync());
    }

    private async Task<List<JobClaim>> DrainAsync(int limit)
    {
        var mine = new List<JobClaim>();
        do
        {
            mine.AddRange(await Jobs.ClaimAsync([Mode], limit, cancellationToken: Cancellation));
        }
        while (await AreAnyLeftAsync());

        return mine;
    }

    private async Task<bool> AreAnyLeftAsync() =>
        (await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Queued, Limit = 1 }, Cancellation)).Count > 0;

    private async Task<int> CountDoneAsync() =>
        (await Jobs.QueryAsync(new JobQuery { Mode = Mode, Status = JobStatus.Done, Limit = 1_000 }, Cancellation)).Count;

    private Task<IReadOnlyList<JobClaim>> ClaimTimedAsync(int limit = 100) =>
        _agent.Jobs.ClaimAsync([Mode], limit, Lease, cancellationToken: Cancellation);

    private async Task<JobClaim> BeginTimedAsync(NewJob job)
    {
        await _agent.Jobs.EnqueueAsync(job, Cancellation);
        return Assert.Single(await ClaimTimedAsync());
    }
}
