using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Idempotency;

namespace AgentPersistence.ConformanceTests.Approvals;

public abstract class ApprovalStoreTests(TestDatabases databases) : ApprovalTests(databases)
{
    [Fact]
    public async Task A_created_approval_comes_back_as_it_was_given_and_waits_for_a_decision()
    {
        var asked = new NewApproval
        {
            Id = Guid.CreateVersion7(),
            ThreadId = Guid.CreateVersion7(),
            JobId = Guid.CreateVersion7(),
            ProposalText = "Deploy to production?",
            Action = Json("""{ "deploy" :  "abc123", "force": 1.50 }"""),
            RequestedBy = "agent-7",
            TimeToLive = TimeSpan.FromHours(1),
        };

        var created = await Approvals.CreateAsync(asked, Cancellation);

        Assert.Equal(created, await GetAsync(created.Id));
        Assert.Equal((asked.Id, asked.ThreadId, asked.JobId), (created.Id, created.ThreadId, created.JobId));
        Assert.Equal(("Deploy to production?", "agent-7"), (created.ProposalText, created.RequestedBy));
        Assert.Equal("""{ "deploy" :  "abc123", "force": 1.50 }""", created.Action.GetRawText());
        Assert.Equal(IdempotencyKey.Fingerprint(Json("""{"force":1.5,"deploy":"abc123"}""")), created.ActionDigest);
        Assert.Equal((ApprovalStatus.Pending, created.CreatedAt + TimeSpan.FromHours(1)), (created.Status, created.ExpiresAt));
        Assert.Equal((null, null, null), (created.DecidedBy, created.DecidedAt, created.Reason));
        Assert.Equal((null, null, null), (created.Supersedes, created.SupersededBy, created.ConsumedAt));
        Assert.Equal(ApprovalStatus.Pending, await Approvals.CheckAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task An_approval_needs_no_more_than_a_proposal_and_an_action_and_never_expires_then()
    {
        var created = await NewApprovalAsync(new NewApproval { ProposalText = "", Action = Json("null") });

        Assert.Equal(7, created.Id.Version);
        Assert.Equal((null, null, null, null), (created.ThreadId, created.JobId, created.RequestedBy, created.ExpiresAt));
        Assert.Equal(created, await GetAsync(created.Id));
    }

    [Fact]
    public async Task An_approval_expires_at_a_time_or_after_a_time_but_not_both()
    {
        var at = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(at, (await NewApprovalAsync(Proposal with { ExpiresAt = at })).ExpiresAt);
        var both = await Assert.ThrowsAsync<ArgumentException>(
            () => NewApprovalAsync(Proposal with { ExpiresAt = at, TimeToLive = TimeSpan.FromDays(1) }));
        var none = await Assert.ThrowsAnyAsync<ArgumentException>(() => NewApprovalAsync(Proposal with { TimeToLive = TimeSpan.Zero }));
        Assert.Equal((nameof(NewApproval.ExpiresAt), nameof(NewApproval.TimeToLive)), (both.ParamName, none.ParamName));
    }

    [Fact]
    public async Task Asking_again_under_the_same_id_stores_nothing_and_returns_what_became_of_it()
    {
        var asked = Proposal with { Id = Guid.CreateVersion7(), TimeToLive = TimeSpan.FromHours(1) };
        var created = await NewApprovalAsync(asked);
        var approved = await Approvals.ResolveAsync(created.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);

        var again = await NewApprovalAsync(
            asked with { Action = Json("""{"amount":40,"tool":"refund"}"""), TimeToLive = TimeSpan.FromHours(9) });

        Assert.Equal(approved, again);
        Assert.Equal(approved, await GetAsync(created.Id));
    }

    [Fact]
    public async Task An_id_that_is_taken_by_something_else_is_refused()
    {
        var asked = Proposal with { Id = Guid.CreateVersion7(), ThreadId = Guid.CreateVersion7(), JobId = Guid.CreateVersion7() };
        var created = await NewApprovalAsync(asked);
        NewApproval[] others =
        [
            asked with { Action = LargerRefund }, asked with { ProposalText = "?" }, asked with { RequestedBy = null },
            asked with { ThreadId = null }, asked with { JobId = Guid.CreateVersion7() },
        ];

        foreach (var other in others)
        {
            Assert.Equal(created.Id, (await Assert.ThrowsAsync<DuplicateApprovalException>(() => NewApprovalAsync(other))).ApprovalId);
        }

        Assert.Equal(created, await GetAsync(created.Id));
    }

    [Fact]
    public async Task An_empty_id_is_an_argument_error()
    {
        var proposal = Proposal with { Id = Guid.Empty };
        var approval = await NewApprovalAsync();

        var created = await Assert.ThrowsAsync<ArgumentException>(() => Approvals.CreateAsync(proposal, Cancellation));
        var edited = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Approvals.SupersedeAsync(approval.Id, proposal, Cancellation));

        Assert.Equal((nameof(NewApproval.Id), nameof(NewApproval.Id)), (created.ParamName, edited.ParamName));
        Assert.Equal(approval, await GetAsync(approval.Id));
    }

    [Fact]
    public async Task An_unknown_approval_is_null_when_looked_for_and_an_error_otherwise()
    {
        var id = Guid.CreateVersion7();

        Assert.Null(await Approvals.FindAsync(id, Cancellation));
        Func<Task>[] calls =
        [
            () => Approvals.CheckAsync(id, Cancellation),
            () => Approvals.ResolveAsync(id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation),
            () => Approvals.SupersedeAsync(id, Proposal, Cancellation),
            () => Approvals.ConsumeAsync(id, Refund, Cancellation),
            () => Approvals.WaitAsync(id, TimeSpan.FromSeconds(1), Cancellation),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(id, (await Assert.ThrowsAsync<ApprovalNotFoundException>(call)).ApprovalId);
        }
    }

    [Theory]
    [InlineData(ApprovalDecision.Approve, ApprovalStatus.Approved)]
    [InlineData(ApprovalDecision.Reject, ApprovalStatus.Rejected)]
    public async Task A_decision_says_who_when_and_why(ApprovalDecision decision, ApprovalStatus status)
    {
        var created = await NewApprovalAsync();

        var decided = await Approvals.ResolveAsync(created.Id, decision, "mia", "the customer is right", Cancellation);

        Assert.Equal(
            created with { Status = status, DecidedBy = "mia", DecidedAt = decided.DecidedAt, Reason = "the customer is right" }, decided);
        Assert.InRange(decided.DecidedAt!.Value, created.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(decided, await GetAsync(created.Id));
        Assert.Equal(status, await Approvals.CheckAsync(created.Id, Cancellation));
    }

    [Fact]
    public async Task The_same_decision_by_the_same_approver_again_changes_nothing_and_any_other_is_a_conflict()
    {
        var approved = await NewApprovedAsync();

        var again = await Approvals.ResolveAsync(approved.Id, ApprovalDecision.Approve, "mia", "another reason", Cancellation);
        var anothers = await Assert.ThrowsAsync<ApprovalConflictException>(
            () => Approvals.ResolveAsync(approved.Id, ApprovalDecision.Approve, "tom", cancellationToken: Cancellation));
        var otherwise = await Assert.ThrowsAsync<ApprovalConflictException>(
            () => Approvals.ResolveAsync(approved.Id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation));

        Assert.Equal(approved, again);
        Assert.Equal((approved.Id, ApprovalStatus.Approved, "mia"), (anothers.ApprovalId, anothers.Status, anothers.DecidedBy));
        Assert.Equal((ApprovalStatus.Approved, "mia"), (otherwise.Status, otherwise.DecidedBy));
        Assert.Equal(approved, await GetAsync(approved.Id));
    }

    [Fact]
    public async Task A_decision_that_does_not_exist_is_an_argument_error()
    {
        var created = await NewApprovalAsync();

        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Approvals.ResolveAsync(created.Id, (ApprovalDecision)7, "mia", cancellationToken: Cancellation));

        Assert.Equal("decision", refused.ParamName);
        Assert.Equal(ApprovalStatus.Pending, (await GetAsync(created.Id)).Status);
    }

    [Fact]
    public async Task Consuming_uses_an_approval_up_and_leaves_it_approved()
    {
        var approved = await NewApprovedAsync();

        var consumed = await Approvals.ConsumeAsync(approved.Id, Json("""{"amount":4e1,"tool":"r\u0065fund"}"""), Cancellation);
        var again = await Assert.ThrowsAsync<ApprovalConsumedException>(() => Approvals.ConsumeAsync(approved.Id, Refund, Cancellation));

        Assert.Equal(approved with { ConsumedAt = consumed.ConsumedAt }, consumed);
        Assert.InRange(consumed.ConsumedAt!.Value, approved.DecidedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal((approved.Id, consumed.ConsumedAt), (again.ApprovalId, again.ConsumedAt));
        Assert.Equal(consumed, await GetAsync(approved.Id));
    }

    [Fact]
    public async Task A_changed_action_is_never_consumed_whatever_the_status()
    {
        var pending = await NewApprovalAsync();
        var approved = await NewApprovedAsync();

        foreach (var id in new[] { pending.Id, approved.Id })
        {
            var refused = await Assert.ThrowsAsync<ApprovalActionMismatchException>(
                () => Approvals.ConsumeAsync(id, LargerRefund, Cancellation));
            Assert.Equal(
                (id, approved.ActionDigest, IdempotencyKey.Fingerprint(LargerRefund)),
                (refused.ApprovalId, refused.ExpectedDigest, refused.ActualDigest));
        }

        Assert.Equal(approved, await GetAsync(approved.Id));
        Assert.NotNull((await Approvals.ConsumeAsync(approved.Id, Refund, Cancellation)).ConsumedAt);
    }

    [Theory]
    [InlineData("12345678901234567.89", "12345678901234567.88")]
    [InlineData("0.1", "0.1000000000000000000001")]
    [InlineData("9007199254740992.0", "9007199254740993.0")]
    [InlineData("1234567890123456789e-2", "1234567890123456788e-2")]
    public async Task A_number_that_differs_in_any_digit_is_another_action(string approved, string changed)
    {
        var id = (await NewApprovedAsync(Proposal with { Action = Json($$"""{"amount":{{approved}}}""") })).Id;

        await Assert.ThrowsAsync<ApprovalActionMismatchException>(
            () => Approvals.ConsumeAsync(id, Json($$"""{"amount":{{changed}}}"""), Cancellation));
        Assert.NotNull((await Approvals.ConsumeAsync(id, Json($$"""{"amount":{{approved}}}"""), Cancellation)).ConsumedAt);
    }

    [Fact]
    public async Task What_is_pending_or_rejected_is_not_consumed()
    {
        var pending = await NewApprovalAsync();
        var rejected = await Approvals.ResolveAsync(
            (await NewApprovalAsync()).Id, ApprovalDecision.Reject, "mia", cancellationToken: Cancellation);

        foreach (var approval in new[] { pending, rejected })
        {
            var refused = await Assert.ThrowsAsync<ApprovalNotApprovedException>(
                () => Approvals.ConsumeAsync(approval.Id, Refund, Cancellation));
            Assert.Equal((approval.Id, approval.Status), (refused.ApprovalId, refused.Status));
            Assert.Equal(approval, await GetAsync(approval.Id));
        }
    }
}
