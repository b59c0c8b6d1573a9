using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Interactions;

namespace AgentPersistence.ConformanceTests.Interactions;

/// <summary>What the suites of interactions have in common.</summary>
public abstract class InteractionTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected static readonly DateTimeOffset Start = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    protected IInteractionLog Interactions => Agent.Interactions;

    protected static NewInteraction Asked(string query = "how much?", string? sessionId = null) => new()
    {
        AssistantMode = AssistantMode.Customer, UserQuery = query, Outcome = InteractionOutcome.Resolved, SessionId = sessionId,
    };

    protected static NewEscalation Because(string trigger = "low_confidence") =>
        new() { TriggerType = trigger, EscalationReason = "not sure" };

    protected async Task<IEnumerable<string>> QueriesAsync(string sessionId) =>
        (await Interactions.QueryAsync(new InteractionQuery { SessionId = sessionId, Limit = 10_000 }, Cancellation)).Select(i => i.UserQuery);
}
