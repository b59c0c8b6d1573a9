using AgentPersistence.Auditing;
using AgentPersistence.Idempotency;
using QuickStart.Conversations;

namespace QuickStart.Playing;

/// <summary>Runs tool calls as a live agent should: each one audited, and those that change something run once.</summary>
public sealed class ToolRunner(IAuditLogger audit, IIdempotencyCache idempotency, RecordedTools tools)
{
    public const string EventType = "tool.called";

    // As long as a customer, a queue or a browser may send the same request again.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    public Task<ToolOutcome> RunAsync(Conversation conversation, ToolCall call, CancellationToken cancellationToken) =>
        ToolRules.ChangesState(call.Name)
            ? ChangeAsync(conversation, call, cancellationToken)
            : LookUpAsync(conversation, call, cancellationToken);

    /// <summary>Asks for a change; whoever asks again, in this process or another, gets the first one's answer.</summary>
    public async Task<ToolOutcome> AskOnceAsync(Conversation conversation, ToolCall call, CancellationToken cancellationToken)
    {
        var request = RequestFor(conversation, call);
        ToolAnswer? answer = null;
        try
        {
            var output = await idempotency.ExecuteAsync(
                request,
                async token =>
                {
                    answer = await tools.RunAsync(call, token);

                    // Nothing was changed, so the same request may be tried again.
                    return answer.Refusal is null ? answer.Output : throw new IdempotencyNotStartedException(request.Key, answer.Refusal);
                },
                cancellationToken);
            return new ToolOutcome(output, Replayed: answer is null);
        }
        catch (IdempotencyNotStartedException refused)
        {
            return new ToolOutcome(answer?.Output, refused.Reason);
        }
        catch (Exception unknown) when (unknown is TimeoutException or IdempotencyInFlightException or IdempotencyIndeterminateException)
        {
            // The agent cannot know what has been done; it says so instead of trying again.
            return new ToolOutcome(null, unknown.Message);
        }
    }

    public static IdempotencyRequest RequestFor(Conversation conversation, ToolCall call) => new()
    {
        Key = IdempotencyKey.From(conversation.Id, call.Name, call.Arguments),
        Scope = "tools",
        UserId = conversation.CustomerId,
        TimeToLive = Remembered,
        OnCrash = CrashPolicy.Block,
        WaitForOther = TimeSpan.FromSeconds(5),
    };

    public static string AuditKeyOf(Conversation conversation, ToolCall call) => $"{conversation.Id}/{call.Number}";

    private async Task<ToolOutcome> ChangeAsync(Conversation conversation, ToolCall call, CancellationToken cancellationToken)
    {
        var receipt = await audit.LogAsync(EntryFor(conversation, call) with { Status = AuditStatus.Pending }, cancellationToken);
        var outcome = await AskOnceAsync(conversation, call, cancellationToken);

        // Logged before: by a process that died in between, by one that is at it too, or by an earlier run that has completed it.
        if (!receipt.AlreadyLogged || await audit.FindAsync(receipt.Id, cancellationToken) is { Status: AuditStatus.Pending })
        {
            await CompleteAsync(receipt.Id, outcome, cancellationToken);
        }

        return outcome;
    }

    private async Task CompleteAsync(Guid entryId, ToolOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            await audit.CompleteAsync(entryId, new AuditOutcome(outcome.Status, outcome.Output, outcome.Error), cancellationToken);
        }
        catch (AuditConflictException)
        {
            // Another process was faster; the trail has its outcome.
        }
    }

    private async Task<ToolOutcome> LookUpAsync(Conversation conversation, ToolCall call, CancellationToken cancellationToken)
    {
        ToolOutcome outcome;
        try
        {
            var answer = await tools.RunAsync(call, cancellationToken);
            outcome = new ToolOutcome(answer.Output, answer.Refusal);
        }
        catch (TimeoutException e)
        {
            outcome = new ToolOutcome(null, e.Message);
        }

        var entry = EntryFor(conversation, call) with { Status = outcome.Status, Output = outcome.Output, ErrorMessage = outcome.Error };
        await audit.LogAsync(entry, cancellationToken);
        return outcome;
    }

    private static AuditEntry EntryFor(Conversation conversation, ToolCall call) => new()
    {
        RunId = ConversationPlayer.RunIdOf(conversation),
        SessionId = conversation.Id,
        UserId = conversation.CustomerId,
        EventType = EventType,
        Intent = Outcomes.JourneyOf(conversation),
        Action = call.Name,
        Input = call.Arguments,
        IdempotencyKey = AuditKeyOf(conversation, call),
    };
}
