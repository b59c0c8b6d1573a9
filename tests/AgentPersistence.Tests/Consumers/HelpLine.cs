using AgentPersistence.Interactions;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host logs what its assistant did, hands over to humans, and shows how that goes.</summary>
internal sealed class HelpLine(IInteractionLog interactions)
{
    public async Task<Guid> AnswerAsync(string query, string? answer)
    {
        var logged = await interactions.LogAsync(new NewInteraction
        {
            AssistantMode = AssistantMode.Customer,
            UserQuery = query,
            Outcome = answer is null ? InteractionOutcome.Escalated : InteractionOutcome.Resolved,
            ResponseText = answer,
        });
        return logged.Id;
    }

    public async Task<string> HandOverAsync(Guid interactionId, Guid escalationId)
    {
        try
        {
            var escalation = new NewEscalation { Id = escalationId, TriggerType = "human_only", EscalationReason = "asked for one" };
            return (await interactions.EscalateAsync(interactionId, escalation)).TriggerType;
        }
        catch (InteractionNotFoundException)
        {
            return "nothing to hand over";
        }
        catch (EscalationConflictException conflict)
        {
            return $"{conflict.EscalationId} is another's";
        }
    }

    public async Task<double?> ResolvedRateAsync(DateTimeOffset since) =>
        (await interactions.GetMetricsAsync(new InteractionMetricsQuery { From = since })).Totals.ResolvedRate;
}
