using System.Text;
using AgentPersistence.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Approvals;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class ApprovalLostAnswerTests(TestDatabases databases) : ApprovalTests(databases)
{
    [Fact]
    public async Task An_approval_whose_creation_was_not_answered_is_stored_once()
    {
        var lost = Proxy.LoseNextAnswerTo("ghost proposal");

        var created = await BehindProxy.Approvals.CreateAsync(Proposal with { ProposalText = "ghost proposal" }, Cancellation);

        await lost;
        Assert.Equal(created, await GetAsync(created.Id));
        Assert.Equal(1, await Database.CountAsync("agent_approvals WHERE proposal_text = 'ghost proposal'"));
    }

    [Fact]
    public async Task A_decision_whose_answer_was_lost_is_this_approvers_own()
    {
        var approval = await NewApprovalAsync();
        var lost = Proxy.LoseNextAnswerToCommit();

        var decided = await BehindProxy.Approvals.ResolveAsync(approval.Id, ApprovalDecision.Reject, "mia", "no", Cancellation);

        await lost;
        Assert.Equal((ApprovalStatus.Rejected, "mia", "no"), (decided.Status, decided.DecidedBy, decided.Reason));
        Assert.Equal(decided, await GetAsync(approval.Id));
    }

    [Fact]
    public async Task A_decision_whose_answer_was_lost_is_no_conflict_even_when_it_is_superseded_by_then()
    {
        var approval = await NewApprovalAsync();
        var lost = Proxy.LoseNextAnswerToCommit();
        Approval? edited = null;
        _ = Proxy.LoseNextRequest(request =>
        {
            if (lost.IsCompleted && edited is null && request.Span.IndexOf(Encoding.UTF8.GetBytes("BEGIN")) >= 0)
            {
                edited = Task.Run(() => Approvals.SupersedeAsync(approval.Id, Proposal, Cancellation)).GetAwaiter().GetResult();
            }

            return false;
        });

        var decided = await BehindProxy.Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);

        Assert.NotNull(edited);
        Assert.Equal((ApprovalStatus.Superseded, "mia", edited.Id), (decided.Status, decided.DecidedBy, decided.SupersededBy));
    }

    [Fact]
    public async Task A_consumption_whose_answer_was_lost_is_this_calls_own_and_nobody_elses()
    {
        var approved = await NewApprovedAsync();
        var lost = Proxy.LoseNextAnswerTo(approved.ActionDigest);

        var consumed = await BehindProxy.Approvals.ConsumeAsync(approved.Id, Refund, Cancellation);

        await lost;
        Assert.Equal(consumed, await GetAsync(approved.Id));
        Assert.NotNull(consumed.ConsumedAt);
        await Assert.ThrowsAsync<ApprovalConsumedException>(() => BehindProxy.Approvals.ConsumeAsync(approved.Id, Refund, Cancellation));
    }

    [Fact]
    public async Task A_consumption_whose_request_was_lost_is_sent_again()
    {
        var approved = await NewApprovedAsync();
        var lost = Proxy.LoseNextRequestWith(approved.ActionDigest);

        var consumed = await BehindProxy.Approvals.ConsumeAsync(approved.Id, Refund, Cancellation);

        await lost;
        Assert.NotNull(consumed.ConsumedAt);
        Assert.Equal(consumed, await GetAsync(approved.Id));
    }

    [Fact]
    public async Task An_edited_proposal_whose_answer_was_lost_is_stored_once()
    {
        var approval = await NewApprovalAsync();
        var lost = Proxy.LoseNextAnswerToCommit();

        var edited = await BehindProxy.Approvals.SupersedeAsync(approval.Id, Proposal with { ProposalText = "ghost edit" }, Cancellation);

        await lost;
        Assert.Equal(edited, await GetAsync(edited.Id));
        Assert.Equal(edited.Id, (await GetAsync(approval.Id)).SupersededBy);
        Assert.Equal(1, await Database.CountAsync("agent_approvals WHERE proposal_text = 'ghost edit'"));
    }

    [Fact]
    public async Task Expiries_whose_answer_was_lost_are_stored()
    {
        await using var database = await Databases.CreateAsync();
        await using var proxy = TcpCutProxy.Start(database.ConnectionString);
        await using var cut = new Agent(database.Kind, proxy.ConnectionString);
        for (var i = 0; i < 3; i++)
        {
            await cut.Approvals.CreateAsync(Proposal with { ExpiresAt = DateTimeOffset.UnixEpoch }, Cancellation);
        }

        var lost = proxy.LoseNextAnswerTo("due.due_id");
        var expired = await cut.Approvals.ExpireAsync(2, Cancellation);
        await lost;

        Assert.Equal(1, expired);
        Assert.Equal(3, await database.CountAsync("agent_approvals WHERE status = 'expired'"));
    }

    [Fact]
    public async Task Who_waits_gets_the_decision_though_connections_die()
    {
        var approval = await NewApprovalAsync();
        var waiting = BehindProxy.Approvals.WaitAsync(approval.Id, TimeSpan.FromMinutes(1), Cancellation);
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            Proxy.CutAll();
        }

        var decided = await Approvals.ResolveAsync(approval.Id, ApprovalDecision.Approve, "mia", cancellationToken: Cancellation);

        Assert.Equal(decided, await waiting.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
    }
}
