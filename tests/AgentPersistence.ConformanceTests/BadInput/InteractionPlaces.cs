using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Interactions;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class InteractionPlaces
{
    private const string Table = "agent_interactions";
    private const string Escalations = "agent_escalations";

    private static NewInteraction Given => new()
    {
        AssistantMode = AssistantMode.Customer, UserQuery = "q", Outcome = InteractionOutcome.Resolved,
    };

    private static NewEscalation Because => new() { TriggerType = "t", EscalationReason = "r" };

    public static IEnumerable<Place> All =>
    [
        Logged("NewInteraction.SessionId", PlaceKind.OptionalKey, value => Given with { SessionId = value }, i => i.SessionId),
        Logged("NewInteraction.UserQuery", PlaceKind.RequiredText, value => Given with { UserQuery = value! }, i => i.UserQuery),
        Logged("NewInteraction.IntentName", PlaceKind.Name, value => Given with { IntentName = value }, i => i.IntentName),
        Logged(
            "NewInteraction.ClassificationReason",
            PlaceKind.Text,
            value => Given with { ClassificationReason = value },
            i => i.ClassificationReason),
        Logged(
            "InteractionSteps.RoutingDecision",
            PlaceKind.Name,
            value => Given with { Steps = new InteractionSteps { RoutingDecision = value } },
            i => i.Steps.RoutingDecision),
        Logged("NewInteraction.EscalationReason", PlaceKind.Text, value => Given with { EscalationReason = value }, i => i.EscalationReason),
        Logged("NewInteraction.ResponseText", PlaceKind.Text, value => Given with { ResponseText = value }, i => i.ResponseText),
        Place.Of("NewInteraction.Timestamp", PlaceKind.TimeOrNow, Table, async (agent, value) =>
            (DateTimeOffset?)(await StoreAsync(agent, Given with { Timestamp = value })).Timestamp),
        Place.Of("NewInteraction.Citations", PlaceKind.OptionalJson, Table, async (agent, value) =>
            (await StoreAsync(agent, Given with { Citations = value })).Citations),
        Escalated("NewEscalation.TriggerType", PlaceKind.Key, value => Because with { TriggerType = value! }, e => e.TriggerType),
        Escalated(
            "NewEscalation.EscalationReason", PlaceKind.RequiredText, value => Because with { EscalationReason = value! }, e => e.EscalationReason),
        Place.Of("InteractionQuery.SessionId", PlaceKind.OptionalKey, Table, async (agent, value) =>
        {
            var query = new InteractionQuery { SessionId = value, Limit = 1 };
            await agent.Interactions.QueryAsync(query);
            await agent.Interactions.LogAsync(Given with { SessionId = value });
            return value is null ? null : (await agent.Interactions.QueryAsync(query)).Single().SessionId;
        }),
        Place.Of("InteractionQuery.IntentName", PlaceKind.Name, Table, async (agent, value) =>
        {
            var query = new InteractionQuery { IntentName = value, Limit = 1 };
            await agent.Interactions.QueryAsync(query);
            await agent.Interactions.LogAsync(Given with { IntentName = value });
            return value is null ? null : (await agent.Interactions.QueryAsync(query)).Single().IntentName;
        }),
        Place.Of("EscalationQuery.TriggerType", PlaceKind.OptionalKey, Escalations, async (agent, value) =>
        {
            var query = new EscalationQuery { TriggerType = value, Limit = 1 };
            await agent.Interactions.QueryEscalationsAsync(query);
            var interaction = await agent.Interactions.LogAsync(Given);
            await agent.Interactions.EscalateAsync(interaction.Id, Because with { TriggerType = value ?? "any" });
            return value is null ? null : (await agent.Interactions.QueryEscalationsAsync(query)).Single().TriggerType;
        }),
    ];

    private static Place Logged(string name, PlaceKind kind, Func<string?, NewInteraction> make, Func<Interaction, string?> member) =>
        Place.Of(name, kind, Table, async (agent, value) => member(await StoreAsync(agent, make(value))));

    private static Place Escalated(string name, PlaceKind kind, Func<string?, NewEscalation> make, Func<Escalation, string?> member) =>
        new(name, kind, Escalations, async agent =>
        {
            var interaction = (await agent.Interactions.LogAsync(Given)).Id;
            return async value =>
            {
                await agent.Interactions.EscalateAsync(interaction, make((string?)value));
                return member((await agent.Interactions.QueryEscalationsAsync(new EscalationQuery { InteractionId = interaction })).Single());
            };
        });

    private static async Task<Interaction> StoreAsync(Agent agent, NewInteraction interaction) =>
        (await agent.Interactions.FindAsync((await agent.Interactions.LogAsync(interaction)).Id))!;
}
