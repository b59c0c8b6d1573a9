using AgentHost.Work;
using AgentPersistence.Approvals;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Incidents;
using AgentPersistence.Jobs;
using AgentPersistence.Tokens;
using QuickStart.Conversations;
using QuickStart.Playing;

namespace AgentHost;

/// <summary>Says what happened, as the database tells it.</summary>
public sealed class Report(Script script, Stores stores, HostTable table, RecordedTools tools)
{
    private const int Page = 10_000;

    public bool IsShown { get; private set; }

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await table.CreateAsync(cancellationToken);
        var (standing, undone, _) = await table.CountAsync(cancellationToken);
        Say($"{script.Playable.Count()} conversations; {standing + undone} changes were made before this start.");
    }

    public async Task ShowAsync(CancellationToken cancellationToken)
    {
        foreach (var conversation in script.Playable)
        {
            await ShowAsync(conversation, cancellationToken);
        }

        var (standing, undone, undoneTwice) = await table.CountAsync(cancellationToken);
        var budget = await stores.Tokens.FindBudgetAsync(ModelCalls.Budget, cancellationToken);
        var proof = await stores.Verifier.VerifyAsync(cancellationToken: cancellationToken);
        Say($"Changes that stand: {standing}; undone: {undone}, of these more than once: {undoneTwice}.");
        Say($"Tools run by this process: {tools.Runs}.");
        Say($"Approvals: {await CountAsync(ApprovalStatus.Approved, cancellationToken)} approved, "
            + $"{await CountAsync(ApprovalStatus.Rejected, cancellationToken)} rejected, "
            + $"{await CountAsync(ApprovalStatus.Superseded, cancellationToken)} superseded.");
        Say($"Tokens: {budget!.Used:0} of {budget.Limit:0} used, {budget.Reserved:0} reserved.");
        Say($"Incidents: {(await stores.Incidents.QueryAsync(new IncidentQuery { Limit = Page }, cancellationToken)).Count}.");
        Say($"Audit log: {proof.Verified} rows, intact: {proof.IsIntact}.");
        IsShown = true;
    }

    private async Task ShowAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var thread = await stores.Conversations.FindThreadAsync(Script.Platform, conversation.Id, cancellationToken);
        var jobs = await stores.Jobs.QueryAsync(new JobQuery { ThreadId = thread!.Id, Limit = Page }, cancellationToken);
        var asked = await stores.Approvals.QueryAsync(
            new ApprovalQuery { ThreadId = thread.Id, Status = null, Limit = Page }, cancellationToken);
        Say($"  {conversation.Id}: {thread.HeadSequence} messages, {jobs.Count} jobs ({jobs.Count(j => j.Status == JobStatus.Done)} done), "
            + $"{asked.Count} approvals ({asked.Count(a => a.ConsumedAt is not null)} used), {Outcomes.Of(conversation)}");
    }

    private async Task<int> CountAsync(ApprovalStatus status, CancellationToken cancellationToken) =>
        (await stores.Approvals.QueryAsync(new ApprovalQuery { Status = status, Limit = Page }, cancellationToken)).Count;

    private static void Say(string line) => Console.WriteLine(line);
}

/// <summary>The stores that the report reads.</summary>
public sealed record Stores(
    IConversationStore Conversations,
    IJobQueue Jobs,
    IApprovalStore Approvals,
    ITokenLedger Tokens,
    IIncidentMemory Incidents,
    IAuditVerifier Verifier);
