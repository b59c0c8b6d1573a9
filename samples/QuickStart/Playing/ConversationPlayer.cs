using System.Collections.Concurrent;
using System.Text.Json;
using AgentPersistence;
using AgentPersistence.Auditing;
using AgentPersistence.Customers;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using QuickStart.Conversations;

namespace QuickStart.Playing;

/// <summary>
/// Plays recorded conversations and writes what a live agent would: its session turn by turn, its tool calls, and how it ended.
/// A conversation that was begun before is gone on with; one that was recorded before changes nothing.
/// </summary>
public sealed class ConversationPlayer(
    IAgentDatabase database, ISessionStore sessions, IMetricsRecorder metrics, ToolRunner tools, TimeProvider time)
{
    public const string EndedEvent = "conversation.ended";

    // A host serves many conversations at once; their audit entries share commits.
    private const int AtOnce = 8;

    public static string RunIdOf(Conversation conversation) => $"run-{conversation.Id}";

    public async Task<IReadOnlyList<PlayedConversation>> PlayAllAsync(
        IReadOnlyList<Conversation> conversations, CancellationToken cancellationToken)
    {
        var played = new ConcurrentDictionary<int, PlayedConversation>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            conversations.Index(), options, async (item, token) => played[item.Index] = await PlayAsync(item.Item, token));
        return [.. played.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
    }

    public async Task<PlayedConversation> PlayAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        var outcomes = new Dictionary<ToolCall, ToolOutcome>();
        var (session, play) = await OpenAsync(conversation, cancellationToken);
        try
        {
            if (play == Play.Repeated)
            {
                await AskAgainAsync(conversation, outcomes, cancellationToken);
            }
            else
            {
                session = await PlayTurnsAsync(conversation, session, outcomes, cancellationToken);
                await EndAsync(conversation, session, cancellationToken);
            }
        }
        catch (Exception e) when (e is SessionConflictException or SessionEndedException)
        {
            play = Play.LeftToAnother;
        }

        return new PlayedConversation(conversation, play, outcomes);
    }

    private async Task<(AgentSession Session, Play Play)> OpenAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(conversation.Id, cancellationToken) is { } known)
        {
            return (known, known.Status == SessionStatus.Active ? Play.Resumed : Play.Repeated);
        }

        try
        {
            var session = await sessions.CreateAsync(
                new NewSession { Id = conversation.Id, UserId = conversation.CustomerId, State = new SessionState().ToJson() },
                cancellationToken);
            return (session, Play.Recorded);
        }
        catch (DuplicateSessionException)
        {
            return (await sessions.FindAsync(conversation.Id, cancellationToken) ?? throw new InvalidOperationException(
                $"Session {conversation.Id} was deleted while it was being opened."), Play.Resumed);
        }
    }

    private async Task<AgentSession> PlayTurnsAsync(
        Conversation conversation, AgentSession session, Dictionary<ToolCall, ToolOutcome> outcomes, CancellationToken cancellationToken)
    {
        await metrics.RecordRunAsync(
            new RunMetrics { RunId = RunIdOf(conversation), JourneyName = Outcomes.JourneyOf(conversation), StartTime = session.CreatedAt },
            cancellationToken);
        var state = SessionState.Of(session);
        foreach (var turn in conversation.Turns.Skip(state.Turns))
        {
            string? intent = null;
            foreach (var call in turn.Calls)
            {
                outcomes[call] = await tools.RunAsync(conversation, call, cancellationToken);
                state = state.After(call, outcomes[call]);
                intent = ToolRules.ChangesState(call.Name) ? call.Name : intent;
            }

            state = state with { Turns = state.Turns + 1, LastRequest = turn.Request };
            session = await sessions.SaveStateAsync(
                session.Id,
                new SessionUpdate { State = state.ToJson(), CurrentIntent = intent, ExpectedVersion = session.Version },
                cancellationToken);
        }

        return session;
    }

    /// <summary>The session's end, the run's outcome, the customer's count and the audit entry are stored together or not at all.</summary>
    private async Task EndAsync(Conversation conversation, AgentSession session, CancellationToken cancellationToken)
    {
        var (state, outcome, now) = (SessionState.Of(session), Outcomes.Of(conversation), time.GetUtcNow());
        await using var transaction = await database.BeginTransactionAsync(cancellationToken);

        // Saved under its version first: ending alone would let two processes through, and the customer be counted twice.
        await transaction.Sessions.SaveStateAsync(
            session.Id, new SessionUpdate { State = state.ToJson(), ExpectedVersion = session.Version }, cancellationToken);
        await transaction.Sessions.EndAsync(
            session.Id, outcome == Outcomes.Failed ? SessionStatus.Abandoned : SessionStatus.Completed, cancellationToken);
        await transaction.Metrics.RecordRunAsync(
            new RunMetrics { RunId = RunIdOf(conversation), EndTime = now, FinalOutcome = outcome }, cancellationToken);
        await transaction.Audit.LogAsync(
            new AuditEntry
            {
                RunId = RunIdOf(conversation),
                SessionId = session.Id,
                UserId = conversation.CustomerId,
                EventType = EndedEvent,
                Action = outcome,
                Details = state.ToJson(),
            },
            cancellationToken);
        if (conversation.CustomerId is { } customer)
        {
            var interaction = new CustomerInteraction
            {
                Denied = state.Declined || (outcome != Outcomes.Resolved && state.Changes == 0),
                OccurredAt = now,
                Notes = JsonSerializer.SerializeToElement(new { lastOutcome = outcome, lastJourney = Outcomes.JourneyOf(conversation) }),
            };
            await transaction.Customers.RecordInteractionAsync(customer, interaction, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task AskAgainAsync(
        Conversation conversation, Dictionary<ToolCall, ToolOutcome> outcomes, CancellationToken cancellationToken)
    {
        foreach (var call in conversation.Calls.Where(call => ToolRules.ChangesState(call.Name)))
        {
            outcomes[call] = await tools.RunAsync(conversation, call, cancellationToken);
        }
    }
}
