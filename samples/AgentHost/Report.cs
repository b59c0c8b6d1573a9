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

/// <summary>Says what happened, as the database tells it: however often the host was killed, it is the same.</summary>
public sealed class Report(Script script, Stores stores, HostTable table)
{
    public const string Title = "What happened";

    private const int Everything = 10_000;

    public bool IsShown { get; private set; }

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await table.CreateAsync(cancellationToken);
        var changes = await table.CountAsync(script.Conversations.Select(Script.RunIdOf), cancellationToken);
        Say($"Playing {script.Conversations.Count} conversations; {changes.Made} changes were made before this start.");
    }

    public async Task ShowAsync(CancellationToken cancellationToken)
    {
        Say($"\n{Title}");
        var asked = new List<Approval>();
        foreach (var conversation in script.Conversations)
        {
            asked.AddRange(await ShowAsync(conversation, cancellationToken));
        }

        var changes = await table.CountAsync(script.Conversations.Select(Script.RunIdOf), cancellationToken);
        var budget = await stores.Tokens.FindBudgetAsync(ModelCalls.Budget, cancellationToken);
        var proof = await stores.Verifier.VerifyAsync(cancellationToken: cancellationToken);
        Say($"Changes     {changes.Made} made, of these undone: {changes.Undone}; made or undone twice: {changes.Twice}");
        Say($"Approvals   {string.Join(", ", asked.CountBy(a => a.Status).OrderBy(by => by.Key).Select(by => $"{by.Value} {by.Key}"))}");
        Say($"Tokens      {budget!.Used:0} of {budget.Limit:0} used, {budget.Reserved:0} reserved");
        Say("Incidents   " + string.Join(", ", await IncidentsAsync(cancellationToken)));
        Say($"Audit log   {proof.Verified} rows, intact: {(proof.IsIntact ? "yes" : proof.Reason)}");
        IsShown = true;
    }

    private async Task<IReadOnlyList<Approval>> ShowAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var thread = await stores.Conversations.FindThreadAsync(Script.Host, conversation.Id, cancellationToken);
        var jobs = await stores.Jobs.QueryAsync(new JobQuery { ThreadId = thread!.Id, Limit = Everything }, cancellationToken);
        var asked = await stores.Approvals.QueryAsync(
            new ApprovalQuery { ThreadId = thread.Id, Status = null, Limit = Everything }, cancellationToken);
        var changes = await table.CountAsync([Script.RunIdOf(conversation)], cancellationToken);
        Say($"  {conversation.Id}: {thread.HeadSequence} messages, {jobs.Count(job => job.Status == JobStatus.Done)} of "
            + $"{conversation.Turns.Count} turns answered, {asked.Count} approvals ({asked.Count(a => a.ConsumedAt is not null)} used), "
            + $"{changes.Made} changes ({changes.Undone} undone), {Outcomes.Of(conversation)}");
        return asked;
    }

    private async Task<IEnumerable<string>> IncidentsAsync(CancellationToken cancellationToken) =>
        from cause in await stores.Incidents.GetSuccessRatesByRootCauseAsync(cancellationToken: cancellationToken)
        orderby cause.TotalIncidents descending, cause.RootCause
        select $"{cause.TotalIncidents} {cause.RootCause} ({cause.SuccessfulResolutions} explained)";

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
