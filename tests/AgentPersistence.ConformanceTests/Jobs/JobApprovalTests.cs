using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Jobs;

namespace AgentPersistence.ConformanceTests.Jobs;

/// <summary>Jobs that wait for an approval, and hold no worker meanwhile.</summary>
public abstract class JobApprovalTests(TestDatabases databases) : JobTests(databases)
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(30);

    private static NewApproval Proposal => new() { ProposalText = "Refund 40 EUR?", Action = Json("""{"refund":40}""") };

    [Theory]
    [InlineData("approve")]
    [InlineData("reject")]
    [InlineData("supersede")]
    [InlineData("in a transaction")]
    public async Task A_decision_wakes_the_job_that_waits_for_it(string how)
    {
        var approval = await Agent.Approvals.CreateAsync(Proposal, Cancellation);
        var claim = await BeginAsync();

        Assert.Equal(JobStatus.Queued, await Jobs.WaitForApprovalAsync(claim, approval.Id, Long, Cancellation));
        var waiting = await FindAsync(claim);
        Assert.Equal(claim.Job.Id, Assert.Single(await Jobs.QueryAsync(new JobQuery { WaitingFor = approval.Id }, Cancellation)).Id);
        Assert.Empty(await ClaimAsync());
        await DecideAsync(how, approval.Id);
        var again = await ClaimOneAsync();

        Assert.Equal((approval.Id, 0, null), (waiting.WaitingFor, waiting.Attempts, waiting.LeaseUntil));
        Assert.InRange(waiting.RunAt, DateTimeOffset.UtcNow + Long - TimeSpan.FromHours(1), DateTimeOffset.UtcNow + Long);
        Assert.Equal((1, null), (again.Attempt, again.Job.WaitingFor));
    }

    [Fact]
    public async Task A_decision_that_is_rolled_back_wakes_nobody()
    {
        var approval = await Agent.Approvals.CreateAsync(Proposal, Cancellation);
        await Jobs.WaitForApprovalAsync(await BeginAsync(), approval.Id, Long, Cancellation);

        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
            Assert.Single(await transaction.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation));
        }

        Assert.Empty(await ClaimAsync());
        await DecideAsync("reject", approval.Id);
        await ClaimOneAsync();
    }

    [Fact]
    public async Task Who_waits_for_what_is_decided_goes_on_at_once()
    {
        var approval = await Agent.Approvals.CreateAsync(Proposal, Cancellation);
        await DecideAsync("approve", approval.Id);

        await Jobs.WaitForApprovalAsync(await BeginAsync(), approval.Id, Long, Cancellation);

        Assert.Null((await ClaimOneAsync()).Job.WaitingFor);
    }

    [Fact]
    public async Task An_approval_that_is_not_there_is_an_error_and_the_job_stays_held()
    {
        var claim = await BeginAsync();

        await Assert.ThrowsAsync<ApprovalNotFoundException>(() => Jobs.WaitForApprovalAsync(claim, claim.Token, Long, Cancellation));

        await Jobs.CompleteAsync(claim, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Who_no_longer_holds_the_job_cannot_make_it_wait()
    {
        var approval = await Agent.Approvals.CreateAsync(Proposal, Cancellation);
        var claim = await BeginAsync();
        await Jobs.CompleteAsync(claim, cancellationToken: Cancellation);

        await Assert.ThrowsAsync<LeaseLostException>(() => Jobs.WaitForApprovalAsync(claim, approval.Id, Long, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Jobs.WaitForApprovalAsync(claim, approval.Id, TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task The_wait_ends_with_its_time_or_with_the_approvals_expiry_whichever_comes_first()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var agent = new Agent(Database, time);
        var expiring = await agent.Approvals.CreateAsync(Proposal with { TimeToLive = TimeSpan.FromMinutes(5) }, Cancellation);
        var lasting = await agent.Approvals.CreateAsync(Proposal, Cancellation);
        await agent.Jobs.EnqueueAsync([New, New], Cancellation);
        var claims = await agent.Jobs.ClaimAsync([Mode], 2, cancellationToken: Cancellation);
        await agent.Jobs.WaitForApprovalAsync(claims[0], expiring.Id, Long, Cancellation);
        await agent.Jobs.WaitForApprovalAsync(claims[1], lasting.Id, TimeSpan.FromMinutes(10), Cancellation);

        async Task<IEnumerable<Guid>> Due() => (await agent.Jobs.ClaimAsync([Mode], cancellationToken: Cancellation)).Select(c => c.Job.Id);

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMicroseconds(1));
        Assert.Empty(await Due());
        time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal([claims[0].Job.Id], await Due());
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMicroseconds(1));
        Assert.Empty(await Due());
        time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal([claims[1].Job.Id], await Due());
    }

    [Fact]
    public async Task A_waiting_job_can_be_canceled_and_is_woken_no_more()
    {
        var approval = await Agent.Approvals.CreateAsync(Proposal, Cancellation);
        var claim = await BeginAsync();
        await Jobs.WaitForApprovalAsync(claim, approval.Id, Long, Cancellation);

        await Jobs.CancelAsync(claim.Job.Id, Cancellation);
        await DecideAsync("approve", approval.Id);

        Assert.Equal((JobStatus.Canceled, null), ((await FindAsync(claim)).Status, (await FindAsync(claim)).WaitingFor));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task However_a_decision_and_the_beginning_of_a_wait_meet_no_job_sleeps_on()
    {
        const int Count = 100;
        await Jobs.EnqueueAsync([.. Enumerable.Repeat(New, Count)], Cancellation);
        var claims = await ClaimAsync();
        var approvals = await Task.WhenAll(claims.Select(_ => Agent.Approvals.CreateAsync(Proposal, Cancellation)));

        await Task.WhenAll(claims.Zip(approvals).SelectMany(pair => new[]
        {
            Task.Run(() => Jobs.WaitForApprovalAsync(pair.First, pair.Second.Id, Long, Cancellation)),
            Task.Run(() => DecideAsync("approve", pair.Second.Id)),
        }));

        Assert.Equal(Count, (await ClaimAsync()).Count);
    }

    [Fact]
    public async Task A_worker_goes_on_with_the_job_as_soon_as_it_is_decided_and_runs_others_meanwhile()
    {
        var approval = await Agent.Approvals.CreateAsync(Proposal, Cancellation);
        await using var host = await JobHost.StartAsync(
            Database,
            Mode,
            async (context, ct) => context.Job.Priority == 0 || await Agent.Approvals.CheckAsync(approval.Id, ct) != ApprovalStatus.Pending
                ? JobOutcome.Done()
                : JobOutcome.WaitForApproval(approval.Id, Long),
            o => (o.Concurrency, o.PollInterval) = (1, TimeSpan.FromDays(1)));
        var jobs = await host.Jobs.EnqueueAsync([New with { Priority = 1 }, New], Cancellation);
        await UntilAsync(jobs[1].Id, JobStatus.Done);
        Assert.Equal((JobStatus.Queued, approval.Id), ((await FindAsync(jobs[0].Id)).Status, (await FindAsync(jobs[0].Id)).WaitingFor));

        await host.Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);

        await UntilAsync(jobs[0].Id, JobStatus.Done);
        Assert.Equal((1, 2L), ((await FindAsync(jobs[0].Id)).Attempts, (await FindAsync(jobs[0].Id)).Epoch));
    }

    private async Task DecideAsync(string how, Guid approvalId)
    {
        switch (how)
        {
            case "supersede":
                await Agent.Approvals.SupersedeAsync(approvalId, Proposal, Cancellation);
                break;
            case "in a transaction":
                await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
                {
                    await transaction.Approvals.ResolveAsync(approvalId, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
                    await transaction.CommitAsync(Cancellation);
                }

                break;
            default:
                var decision = how == "approve" ? ApprovalDecision.Approve : ApprovalDecision.Reject;
                await Agent.Approvals.ResolveAsync(approvalId, decision, "mia", cancellationToken: Cancellation);
                break;
        }
    }
}
