using System.Text.Json;
using AgentPersistence;
using AgentPersistence.Incidents;
using QuickStart.Conversations;

namespace AgentHost.Work;

/// <summary>What could not be done for a customer, and the incident that remembers it.</summary>
public sealed record Refusal(Guid IncidentId, string Reason);

/// <summary>What went wrong is remembered: recorded before the customer is told, completed with the answer that tells it.</summary>
public sealed class Failures(IIncidentMemory incidents)
{
    private const double Sure = 0.9;

    private static readonly JsonElement Told = JsonSerializer.SerializeToElement(new[] { "told the customer" });

    /// <summary>The same failure of the same conversation again stores nothing.</summary>
    public async Task<Refusal> RecordAsync(
        Conversation conversation, string step, string cause, string reason, CancellationToken cancellationToken)
    {
        var incident = new NewIncident
        {
            Id = Script.StableId("incident", conversation.Id, step),
            SignalCluster = $"{cause} refused: {reason}",
            RootCause = cause,
            Confidence = Sure,
        };
        var receipt = await incidents.RecordAsync(incident, cancellationToken);
        return new Refusal(receipt.Id, reason);
    }

    public static Task CloseAsync(IAgentTransaction transaction, Refusal refusal, CancellationToken cancellationToken) =>
        transaction.Incidents.UpdateOutcomeAsync(refusal.IncidentId, IncidentOutcome.Completed, Told, cancellationToken);
}
