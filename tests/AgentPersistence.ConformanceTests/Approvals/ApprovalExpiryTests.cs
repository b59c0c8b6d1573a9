using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

public abstract class ApprovalExpiryTests(TestDatabases databases) : ApprovalTests(databases)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new(Start);

    private static NewApproval Brief => Proposal with { TimeToLive = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task Past_its_expiry_an_approval_reads_as_expired_and_nothing_can_be_done_with_it()
    {
        await using var agent = new Agent(Database, _time);
        var pending = await agent.Approvals.CreateAsync(Brief, Cancellation);
        var approved = await ApprovedAsync(agent, Brief);

        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(pending, await agent.Approvals.FindAsync(pending.Id, Cancellation));
        _time.Advance(TimeSpan.FromMicroseconds(1));

        Assert.Equal(pending with { Status = ApprovalStatus.Expired }, await agent.Approvals.FindAsync(pending.Id, Cancellation));
        Assert.Equal(approved with { Status = ApprovalStatus.Expired }, await agent.Approvals.FindAsync(approved.Id, Cancellation));
        Assert.Equal(ApprovalStatus.Expired, await agent.Approvals.CheckAsync(approved.Id, Cancellation));
        var late = await Assert.ThrowsAsync<ApprovalConflictException>(
            () => agent.Approvals.ResolveAsync(pending.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation));
        var again = await Assert.ThrowsAsync<ApprovalConflictException>(
            () => agent.Approvals.ResolveAsync(approved.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation));
        var replaced = await Assert.ThrowsAsync<ApprovalConflictException>(
            () => agent.Approvals.SupersedeAsync(approved.Id, Proposal, Cancellation));
        var unused = await Assert.ThrowsAsync<ApprovalNotApprovedException>(
            () => agent.Approvals.ConsumeAsync(approved.Id, Refund, Cancellation));
        Assert.Equal((ApprovalStatus.Expired, null), (late.Status, late.DecidedBy));
        Assert.Equal((ApprovalStatus.Expired, "mia"), (again.Status, again.DecidedBy));
        Assert.Equal((ApprovalStatus.Expired, ApprovalStatus.Expired), (replaced.Status, unused.Status));
    }

    [Fact]
    public async Task What_was_consumed_or_rejected_in_time_never_expires()
    {
        await using var agent = new Agent(Database, _time);
        var consumed = await agent.Approvals.ConsumeAsync((await ApprovedAsync(agent, Brief)).Id, Refund, Cancellation);
        var rejected = await agent.Approvals.ResolveAsync(
            (await agent.Approvals.CreateAsync(Brief, Cancellation)).Id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation);

        _time.Advance(TimeSpan.FromDays(1));
        await agent.Approvals.ExpireAsync(cancellationToken: Cancellation);

        Assert.Equal(consumed, await agent.Approvals.FindAsync(consumed.Id, Cancellation));
        Assert.Equal(rejected, await agent.Approvals.FindAsync(rejected.Id, Cancellation));
    }

    [Fact]
    public async Task Expiring_stores_what_reads_have_shown_in_batches_the_longest_expired_first()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database, _time);
        var expiring = new List<Approval>();
        for (var i = 5; i >= 1; i--)
        {
            expiring.Insert(0, await agent.Approvals.CreateAsync(Brief with { TimeToLive = TimeSpan.FromMinutes(i) }, Cancellation));
        }

        expiring.Add(await ApprovedAsync(agent, Brief));
        var lasting = await agent.Approvals.CreateAsync(Brief with { TimeToLive = TimeSpan.FromDays(1) }, Cancellation);
        var forEver = await agent.Approvals.CreateAsync(Proposal, Cancellation);
        Assert.Equal(0, await agent.Approvals.ExpireAsync(cancellationToken: Cancellation));

        _time.Advance(TimeSpan.FromMinutes(10));
        var shown = await agent.Approvals.QueryAsync(new() { Status = ApprovalStatus.Expired }, Cancellation);
        Assert.Equal(2, await agent.Approvals.ExpireAsync(2, Cancellation));
        Assert.Equal(2L, await database.CountAsync("agent_approvals WHERE status = 'expired'"));
        Assert.Equal(
            2L, await database.CountAsync($"agent_approvals WHERE status = 'expired' AND id IN ('{expiring[0].Id}', '{expiring[1].Id}')"));
        Assert.Equal(4, await agent.Approvals.ExpireAsync(100, Cancellation));
        Assert.Equal(0, await agent.Approvals.ExpireAsync(100, Cancellation));

        Assert.Equal(6, shown.Count);
        Assert.Equal(shown, await agent.Approvals.QueryAsync(new() { Status = ApprovalStatus.Expired }, Cancellation));
        Assert.Equal("mia", (await agent.Approvals.FindAsync(expiring[^1].Id, Cancellation))!.DecidedBy);
        Assert.Equal([lasting, forEver], await agent.Approvals.QueryAsync(new(), Cancellation));
    }

    [Fact]
    public async Task How_many_expire_at_once_is_bounded()
    {
        foreach (var limit in new[] { 0, 10_001 })
        {
            var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Approvals.ExpireAsync(limit, Cancellation));
            Assert.Equal("limit", refused.ParamName);
        }
    }

    [Fact]
    public async Task The_expiry_is_judged_by_one_clock_whatever_the_hosts_say()
    {
        var created = await NewApprovalAsync(Proposal with { TimeToLive = TimeSpan.FromMilliseconds(50) });

        await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);

        Assert.Equal(ApprovalStatus.Expired, await Approvals.CheckAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task A_decision_that_had_to_wait_is_judged_by_the_time_at_which_it_gets_its_turn()
    {
        var pending = await NewApprovalAsync(Proposal with { TimeToLive = TimeSpan.FromSeconds(1) });
        var approved = await NewApprovedAsync(Proposal with { TimeToLive = TimeSpan.FromSeconds(1) });
        await using var connection = await Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"UPDATE agent_approvals SET reason = 'held' WHERE id IN ('{pending.Id}', '{approved.Id}')";
        await command.ExecuteNonQueryAsync(Cancellation);

        Func<Task>[] calls =
        [
            () => Approvals.ResolveAsync(pending.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation),
            () => Approvals.SupersedeAsync(pending.Id, Proposal, Cancellation),
            () => Approvals.ConsumeAsync(approved.Id, Refund, Cancellation),
        ];
        var waiting = Array.ConvertAll(calls, call => Task.Run(call, Cancellation));
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(ApprovalStatus.Expired, (await Assert.ThrowsAsync<ApprovalConflictException>(() => waiting[0])).Status);
        Assert.Equal(ApprovalStatus.Expired, (await Assert.ThrowsAsync<ApprovalConflictException>(() => waiting[1])).Status);
        Assert.Equal(ApprovalStatus.Expired, (await Assert.ThrowsAsync<ApprovalNotApprovedException>(() => waiting[2])).Status);
        Assert.Null((await GetAsync(approved.Id)).ConsumedAt);
    }

    private static async Task<Approval> ApprovedAsync(Agent agent, NewApproval approval)
    {
        var created = await agent.Approvals.CreateAsync(approval, Cancellation);
        return await agent.Approvals.ResolveAsync(created.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
    }
}
