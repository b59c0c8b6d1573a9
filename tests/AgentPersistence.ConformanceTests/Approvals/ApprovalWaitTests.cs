using System.Diagnostics;
using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

public abstract class ApprovalWaitTests(TestDatabases databases) : ApprovalTests(databases)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(ApprovalDecision.Approve)]
    [InlineData(ApprovalDecision.Reject)]
    public async Task Who_waits_gets_the_decision(ApprovalDecision decision)
    {
        var approval = await NewApprovalAsync();
        var waiting = Approvals.WaitAsync(approval.Id, Long, Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        Assert.False(waiting.IsCompleted);

        var decided = await Approvals.ResolveAsync(approval.Id, decision, "mia", cancellationToken: Cancellation);

        Assert.Equal(decided, await waiting.WaitAsync(Soon, Cancellation));
    }

    [Fact]
    public async Task A_decision_made_through_the_same_store_is_noticed_before_anybody_asks_again()
    {
        // By now the process asks about once a second.
        var others = Approvals.WaitAsync((await NewApprovalAsync()).Id, Long, Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        var prompt = 0;
        for (var i = 0; i < 10; i++)
        {
            var approval = await NewApprovalAsync();
            var waiting = Approvals.WaitAsync(approval.Id, Long, Cancellation);
            await Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
            var decided = Stopwatch.GetTimestamp();
            await waiting.WaitAsync(Soon, Cancellation);
            prompt += Stopwatch.GetElapsedTime(decided) < TimeSpan.FromMilliseconds(250) ? 1 : 0;
        }

        Assert.False(others.IsCompleted);
        Assert.InRange(prompt, 8, 10);
    }

    [Fact]
    public async Task What_is_decided_already_is_not_waited_for()
    {
        var approved = await NewApprovedAsync();

        Assert.Equal(approved, await Approvals.WaitAsync(approved.Id, TimeSpan.FromDays(1), Cancellation));
    }

    [Fact]
    public async Task A_time_out_approves_nothing()
    {
        var approval = await NewApprovalAsync();

        Assert.Equal(approval, await Approvals.WaitAsync(approval.Id, TimeSpan.Zero, Cancellation));
        Assert.Equal(approval, await Approvals.WaitAsync(approval.Id, TimeSpan.FromMilliseconds(200), Cancellation));
        Assert.Equal(approval, await GetAsync(approval.Id));
    }

    [Fact]
    public async Task A_time_out_is_measured_by_the_hosts_clock()
    {
        var time = new ManualTimeProvider();
        await using var agent = new Agent(Database, time);
        var approval = await agent.Approvals.CreateAsync(Proposal, Cancellation);
        var waiting = agent.Approvals.WaitAsync(approval.Id, TimeSpan.FromHours(23), Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation);
        Assert.False(waiting.IsCompleted);

        time.Advance(TimeSpan.FromHours(24));

        Assert.Equal(ApprovalStatus.Pending, (await waiting.WaitAsync(Soon, Cancellation)).Status);
    }

    [Fact]
    public async Task Who_waits_learns_of_an_edited_proposal_and_of_the_expiry()
    {
        var time = new ManualTimeProvider();
        await using var agent = new Agent(Database, time);
        var edited = await agent.Approvals.CreateAsync(Proposal, Cancellation);
        var brief = await agent.Approvals.CreateAsync(Proposal with { TimeToLive = TimeSpan.FromMinutes(1) }, Cancellation);
        var waiting = new[] { edited, brief }.Select(a => agent.Approvals.WaitAsync(a.Id, TimeSpan.FromDays(1), Cancellation)).ToList();

        var replacement = await agent.Approvals.SupersedeAsync(edited.Id, Proposal, Cancellation);
        time.Advance(TimeSpan.FromMinutes(1));
        var known = await Task.WhenAll(waiting).WaitAsync(Soon, Cancellation);

        Assert.Equal((ApprovalStatus.Superseded, replacement.Id), (known[0].Status, known[0].SupersededBy));
        Assert.Equal(ApprovalStatus.Expired, known[1].Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_learns_of_what_others_decide_and_of_what_a_transaction_has_committed(bool inTransaction)
    {
        var approvals = await AtOnceAsync(200, _ => NewApprovalAsync());
        var waiting = approvals.Select(a => Approvals.WaitAsync(a.Id, Long, Cancellation)).ToList();
        await using var other = new Agent(Database);

        await using (var transaction = inTransaction ? await other.Database.BeginTransactionAsync(Cancellation) : null)
        {
            foreach (var approval in approvals)
            {
                await (transaction?.Approvals ?? other.Approvals).ResolveAsync(
                    approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
            }

            if (transaction is not null)
            {
                Assert.DoesNotContain(waiting, w => w.IsCompleted);
                await transaction.CommitAsync(Cancellation);
            }
        }

        var known = await Task.WhenAll(waiting).WaitAsync(Soon, Cancellation);
        Assert.All(known, a => Assert.Equal(ApprovalStatus.Approved, a.Status));
    }

    [Fact]
    public async Task Many_may_wait_for_one_approval_and_some_may_leave()
    {
        var approval = await NewApprovalAsync();
        using var leaving = new CancellationTokenSource();
        var staying = Enumerable.Range(0, 50).Select(_ => Approvals.WaitAsync(approval.Id, Long, Cancellation)).ToList();
        var gone = Enumerable.Range(0, 50).Select(_ => Approvals.WaitAsync(approval.Id, Long, leaving.Token)).ToList();
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);

        await leaving.CancelAsync();
        foreach (var waiting in gone)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        var decided = await Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
        Assert.All(await Task.WhenAll(staying).WaitAsync(Soon, Cancellation), known => Assert.Equal(decided, known));
    }

    [Fact]
    public async Task A_wait_can_be_taken_up_again_after_it_was_over()
    {
        var approval = await NewApprovalAsync();
        await Approvals.WaitAsync(approval.Id, TimeSpan.FromMilliseconds(100), Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        var waiting = Approvals.WaitAsync(approval.Id, Long, Cancellation);
        await using var other = new Agent(Database);

        await other.Approvals.ResolveAsync(approval.Id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation);

        Assert.Equal(ApprovalStatus.Rejected, (await waiting.WaitAsync(Soon, Cancellation)).Status);
    }

    [Fact]
    public async Task A_host_that_ends_keeps_nobody_waiting()
    {
        var approval = await NewApprovalAsync();
        var agent = new Agent(Database);
        var waiting = agent.Approvals.WaitAsync(approval.Id, Long, Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);

        await agent.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Soon, Cancellation));
        Assert.Equal(ApprovalStatus.Pending, await Approvals.CheckAsync(approval.Id, Cancellation));
    }

    [Fact]
    public async Task How_long_to_wait_is_bounded()
    {
        var approval = await NewApprovalAsync();
        foreach (var timeout in new[] { Timeout.InfiniteTimeSpan, TimeSpan.FromDays(1.1) })
        {
            var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Approvals.WaitAsync(approval.Id, timeout, Cancellation));
            Assert.Equal("timeout", refused.ParamName);
        }
    }
}
