using System.Text.Json;
using AgentPersistence.Incidents;
using QuickStart.Conversations;

namespace AgentHost.Work;

/// <summary>What went wrong is remembered, with how often something like it was seen before.</summary>
public sealed class Failures(IIncidentMemory incidents)
{
    private const double Sure = 0.9;

    public async Task RecordAsync(Conversation conversation, ToolCall call, string refusal, CancellationToken cancellationToken)
    {
        var incident = new NewIncident
        {
            Id = Script.StableId("incident", conversation.Id, call.Number),
            SignalCluster = $"tool_refusal | {call.Name} | {refusal}",
            RootCause = call.Name,
            Confidence = Sure,
        };
        if (await incidents.FindAsync(incident.Id.Value, cancellationToken) is { Outcome: not IncidentOutcome.Pending })
        {
            return;
        }

        var similar = await incidents.FindSimilarAsync(incident.SignalCluster, cancellationToken: cancellationToken);
        await incidents.RecordAsync(incident, cancellationToken);
        await incidents.UpdateOutcomeAsync(
            incident.Id.Value,
            new IncidentUpdate
            {
                Outcome = IncidentOutcome.Completed,
                ActionsTaken = JsonSerializer.SerializeToElement(new { told = "customer", seenBefore = similar.Matches.Count }),
            },
            cancellationToken);
    }
}
