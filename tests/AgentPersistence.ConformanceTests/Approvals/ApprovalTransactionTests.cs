using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

public abstract class ApprovalTransactionTests(TestDatabases databases) : ApprovalTests(databases)
{
    [Fact]
    public async Task What_a_transaction_does_is_done_once_it_commits()
    {
        Approval consumed, edited;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Approvals;
            var created = await inside.CreateAsync(Proposal, Cancellation);
            await inside.ResolveAsync(created.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
            consumed = await inside.ConsumeAsync(created.Id, Refund, Cancellation);
            edited = await inside.SupersedeAsync((await inside.CreateAsync(Proposal, Cancellation)).Id, Proposal, Cancellation);
            Assert.Equal(edited, await inside.FindAsync(edited.Id, Cancellation));
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal((consumed, edited), (await GetAsync(consumed.Id), await GetAsync(edited.Id)));
        Assert.Equal(ApprovalStatus.Superseded, await Approvals.CheckAsync(edited.Supersedes!.Value, Cancellation));
    }

    [Fact]
    public async Task What_a_transaction_does_is_undone_if_it_does_not_commit()
    {
        var (pending, approved, other) = (await NewApprovalAsync(), await NewApprovedAsync(), await NewApprovedAsync());
        Approval edited;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Approvals.ResolveAsync(pending.Id, ApprovalDecision.Reject, "tom", cancellationToken: Cancellation);
            await transaction.Approvals.ConsumeAsync(approved.Id, Refund, Cancellation);
            edited = await transaction.Approvals.SupersedeAsync(other.Id, Proposal, Cancellation);
        }

        Assert.Equal((pending, approved, other), (await GetAsync(pending.Id), await GetAsync(approved.Id), await GetAsync(other.Id)));
        Assert.Null(await Approvals.FindAsync(edited.Id, Cancellation));
        Assert.NotNull((await Approvals.ConsumeAsync(approved.Id, Refund, Cancellation)).ConsumedAt);
    }

    [Fact]
    public async Task An_expected_refusal_leaves_the_transaction_usable()
    {
        var (pending, approved) = (await NewApprovalAsync(), await NewApprovedAsync());
        var used = await Approvals.ConsumeAsync((await NewApprovedAsync()).Id, Refund, Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Approvals;
            await Assert.ThrowsAsync<DuplicateApprovalException>(
                () => inside.CreateAsync(Proposal with { Id = pending.Id, Action = LargerRefund }, Cancellation));
            await Assert.ThrowsAsync<ApprovalConflictException>(
                () => inside.ResolveAsync(approved.Id, ApprovalDecision.Reject, "tom", cancellationToken: Cancellation));
            await Assert.ThrowsAsync<ApprovalActionMismatchException>(() => inside.ConsumeAsync(approved.Id, LargerRefund, Cancellation));
            await Assert.ThrowsAsync<ApprovalNotApprovedException>(() => inside.ConsumeAsync(pending.Id, Refund, Cancellation));
            await Assert.ThrowsAsync<ApprovalConsumedException>(() => inside.ConsumeAsync(used.Id, Refund, Cancellation));
            await Assert.ThrowsAsync<ApprovalConsumedException>(() => inside.SupersedeAsync(used.Id, Proposal, Cancellation));
            await Assert.ThrowsAsync<DuplicateApprovalException>(
                () => inside.SupersedeAsync(approved.Id, Proposal with { Id = pending.Id }, Cancellation));
            await Assert.ThrowsAsync<ApprovalNotFoundException>(() => inside.CheckAsync(Guid.CreateVersion7(), Cancellation));
            await inside.ConsumeAsync(approved.Id, Refund, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        var now = await GetAsync(approved.Id);
        Assert.Equal((ApprovalStatus.Approved, null), (now.Status, now.SupersededBy));
        Assert.NotNull(now.ConsumedAt);
        Assert.Equal(pending, await GetAsync(pending.Id));
    }

    [Fact]
    public async Task The_hosts_own_rows_and_the_consumption_commit_or_vanish_together()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        await database.ExecuteAsync("CREATE TABLE host_table (id integer)");
        var created = await agent.Approvals.CreateAsync(Proposal, Cancellation);
        await agent.Approvals.ResolveAsync(created.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
        foreach (var commits in new[] { false, true })
        {
            await using var connection = await database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var enlisted = agent.Database.Enlist(transaction);
            await enlisted.Approvals.ConsumeAsync(created.Id, Refund, Cancellation);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "INSERT INTO host_table VALUES (1)");
            await command.ExecuteNonQueryAsync(Cancellation);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        Assert.Equal(1, await database.CountAsync("host_table"));
        Assert.NotNull((await agent.Approvals.FindAsync(created.Id, Cancellation))!.ConsumedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_consumer_waits_for_the_transaction_that_has_consumed_and_consumes_if_it_rolls_back(bool commits)
    {
        var approved = await NewApprovedAsync();
        Task<Approval> waiting;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Approvals.ConsumeAsync(approved.Id, Refund, Cancellation);
            waiting = Task.Run(() => Approvals.ConsumeAsync(approved.Id, Refund, Cancellation), Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation);
            Assert.False(waiting.IsCompleted);
            Assert.Null((await GetAsync(approved.Id)).ConsumedAt);
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
            }
        }

        var consumed = await TryAsync(() => waiting.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.Equal(commits, consumed.Refusal is ApprovalConsumedException);
        Assert.Equal(commits, consumed.Answer is null);
    }

    [Fact]
    public async Task A_store_in_a_transaction_does_not_wait_for_a_decision()
    {
        var pending = await NewApprovalAsync();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => transaction.Approvals.WaitAsync(pending.Id, TimeSpan.FromSeconds(1), Cancellation));

        Assert.Equal(ApprovalStatus.Pending, await transaction.Approvals.CheckAsync(pending.Id, Cancellation));
    }
}
