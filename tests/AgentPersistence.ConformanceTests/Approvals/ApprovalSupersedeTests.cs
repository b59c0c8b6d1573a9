using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

public abstract class ApprovalSupersedeTests(TestDatabases databases) : ApprovalTests(databases)
{
    private static NewApproval Edited => new() { ProposalText = "Refund 400 EUR?", Action = LargerRefund, RequestedBy = "tom" };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_edited_proposal_takes_the_place_of_one_that_is_pending_or_approved(bool isApproved)
    {
        var asked = Proposal with { ThreadId = Guid.CreateVersion7(), JobId = Guid.CreateVersion7(), TimeToLive = TimeSpan.FromHours(1) };
        var old = await (isApproved ? NewApprovedAsync(asked) : NewApprovalAsync(asked));

        var edited = await Approvals.SupersedeAsync(old.Id, Edited, Cancellation);

        Assert.Equal((ApprovalStatus.Pending, old.Id, null), (edited.Status, edited.Supersedes, edited.DecidedBy));
        Assert.Equal(("Refund 400 EUR?", "tom", null), (edited.ProposalText, edited.RequestedBy, edited.ExpiresAt));
        Assert.Equal((old.ThreadId, old.JobId), (edited.ThreadId, edited.JobId));
        Assert.Equal(LargerRefund.GetRawText(), edited.Action.GetRawText());
        Assert.Equal(edited, await GetAsync(edited.Id));
        Assert.Equal(old with { Status = ApprovalStatus.Superseded, SupersededBy = edited.Id }, await GetAsync(old.Id));
        var refused = await Assert.ThrowsAsync<ApprovalNotApprovedException>(() => Approvals.ConsumeAsync(old.Id, Refund, Cancellation));
        Assert.Equal(ApprovalStatus.Superseded, refused.Status);
    }

    [Fact]
    public async Task A_replacement_may_belong_to_another_thread_and_job()
    {
        var old = await NewApprovalAsync(Proposal with { ThreadId = Guid.CreateVersion7(), JobId = Guid.CreateVersion7() });
        var (thread, job) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var edited = await Approvals.SupersedeAsync(old.Id, Edited with { ThreadId = thread, JobId = job }, Cancellation);

        Assert.Equal((thread, job), (edited.ThreadId, edited.JobId));
    }

    [Fact]
    public async Task A_replacement_is_decided_consumed_and_superseded_like_any_other()
    {
        var first = await NewApprovalAsync();
        var second = await Approvals.SupersedeAsync(first.Id, Edited, Cancellation);
        var third = await Approvals.SupersedeAsync(second.Id, Proposal, Cancellation);

        await Approvals.ResolveAsync(third.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);
        var consumed = await Approvals.ConsumeAsync(third.Id, Refund, Cancellation);

        Assert.Equal((second.Id, third.Id), (consumed.Supersedes, consumed.Id));
        Assert.Equal(third.Id, (await GetAsync(second.Id)).SupersededBy);
    }

    [Fact]
    public async Task The_same_replacement_again_changes_nothing_even_when_it_is_decided_by_then()
    {
        var old = await NewApprovalAsync(Proposal with { ThreadId = Guid.CreateVersion7() });
        var edited = Edited with { Id = Guid.CreateVersion7() };
        var first = await Approvals.SupersedeAsync(old.Id, edited, Cancellation);

        var second = await Approvals.SupersedeAsync(old.Id, edited, Cancellation);
        var decided = await Approvals.ResolveAsync(first.Id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation);
        var third = await Approvals.SupersedeAsync(old.Id, edited, Cancellation);

        Assert.Equal((first, decided), (second, third));
    }

    [Fact]
    public async Task Another_replacement_of_what_is_replaced_is_a_conflict_and_is_not_stored()
    {
        var old = await NewApprovedAsync();
        await Approvals.SupersedeAsync(old.Id, Edited, Cancellation);
        var late = Edited with { Id = Guid.CreateVersion7() };

        var refused = await Assert.ThrowsAsync<ApprovalConflictException>(() => Approvals.SupersedeAsync(old.Id, late, Cancellation));

        Assert.Equal((old.Id, ApprovalStatus.Superseded, "mia"), (refused.ApprovalId, refused.Status, refused.DecidedBy));
        Assert.Null(await Approvals.FindAsync(late.Id!.Value, Cancellation));
    }

    [Fact]
    public async Task What_is_rejected_expired_or_consumed_is_not_superseded()
    {
        var rejected = await Approvals.ResolveAsync(
            (await NewApprovalAsync()).Id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation);
        var expired = await NewApprovalAsync(Proposal with { ExpiresAt = DateTimeOffset.UnixEpoch });
        var consumed = await Approvals.ConsumeAsync((await NewApprovedAsync()).Id, Refund, Cancellation);

        foreach (var approval in new[] { rejected, expired })
        {
            var conflict = await Assert.ThrowsAsync<ApprovalConflictException>(
                () => Approvals.SupersedeAsync(approval.Id, Edited, Cancellation));
            Assert.Equal((approval.Status, approval.DecidedBy), (conflict.Status, conflict.DecidedBy));
        }

        var used = await Assert.ThrowsAsync<ApprovalConsumedException>(() => Approvals.SupersedeAsync(consumed.Id, Edited, Cancellation));
        Assert.Equal(consumed.ConsumedAt, used.ConsumedAt);
        Assert.Equal((rejected, consumed), (await GetAsync(rejected.Id), await GetAsync(consumed.Id)));
    }

    [Fact]
    public async Task A_replacement_whose_id_is_taken_is_refused_and_the_approval_stays_as_it_was()
    {
        var (old, other) = (await NewApprovedAsync(), await NewApprovalAsync());

        foreach (var taken in new[] { old.Id, other.Id })
        {
            var refused = await Assert.ThrowsAsync<DuplicateApprovalException>(
                () => Approvals.SupersedeAsync(old.Id, Edited with { Id = taken }, Cancellation));
            Assert.Equal(taken, refused.ApprovalId);
        }

        Assert.Equal((old, other), (await GetAsync(old.Id), await GetAsync(other.Id)));
    }

    [Fact]
    public async Task An_approval_that_has_been_superseded_cannot_be_approved_any_more()
    {
        var old = await NewApprovedAsync();
        await Approvals.SupersedeAsync(old.Id, Edited, Cancellation);

        var refused = await Assert.ThrowsAsync<ApprovalConflictException>(
            () => Approvals.ResolveAsync(old.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation));

        Assert.Equal(ApprovalStatus.Superseded, refused.Status);
    }
}
