using System.Text.Json;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class IncidentPlaces
{
    private const string Incidents = "agent_incidents";
    private const string History = "agent_confidence_history";

    public static IEnumerable<Place> All =>
    [
        Incident("NewIncident.SignalCluster", PlaceKind.RequiredText, value => Seen() with { SignalCluster = (string)value! }, i => i.SignalCluster),
        Incident("NewIncident.RootCause", PlaceKind.Name, value => Seen() with { RootCause = (string?)value }, i => i.RootCause),
        Incident(
            "NewIncident.ActionsTaken", PlaceKind.OptionalJson, value => Seen() with { ActionsTaken = (JsonElement?)value }, i => i.ActionsTaken),
        new Place("IncidentUpdate.ActionsTaken", PlaceKind.OptionalJson, Incidents, async agent =>
        {
            var id = (await agent.Incidents.RecordAsync(Seen())).Id;
            return async value =>
            {
                await agent.Incidents.UpdateOutcomeAsync(
                    id, new IncidentUpdate { Outcome = IncidentOutcome.PendingApproval, ActionsTaken = (JsonElement?)value });
                return (await agent.Incidents.FindAsync(id))!.ActionsTaken;
            };
        }),
        Confidence("NewConfidence.SignalCluster", PlaceKind.RequiredText, value => Sure() with { SignalCluster = value! }, c => c.SignalCluster),
        Confidence("NewConfidence.Cause", PlaceKind.Name, value => Sure() with { Cause = value }, c => c.Cause),
        Place.Of("GetConfidenceHistoryAsync.signalCluster", PlaceKind.Text, History, async (agent, value) =>
        {
            var appended = await agent.Incidents.AppendConfidenceAsync(Sure() with { SignalCluster = value ?? "any" });
            var history = await agent.Incidents.GetConfidenceHistoryAsync(value);
            return value is null ? null : history.Single(c => c.Id == appended.Id).SignalCluster;
        }),
        Place.Of("FindSimilarAsync.signalCluster", PlaceKind.RequiredText, Incidents, async (agent, value) =>
        {
            await agent.Incidents.FindSimilarAsync(value!, 1_000);
            var recorded = await agent.Incidents.RecordAsync(Seen() with { SignalCluster = value! });
            return (await agent.Incidents.FindAsync(recorded.Id))!.SignalCluster;
        }),
    ];

    private static NewIncident Seen() => new() { SignalCluster = "signal", Confidence = 0.5 };

    private static NewConfidence Sure() => new() { SignalCluster = "signal", Confidence = 1 };

    private static Place Incident(string name, PlaceKind kind, Func<object?, NewIncident> make, Func<Incident, object?> member) =>
        new(name, kind, Incidents, agent => Task.FromResult<Func<object?, Task<object?>>>(async value =>
            member((await agent.Incidents.FindAsync((await agent.Incidents.RecordAsync(make(value))).Id))!)));

    private static Place Confidence(string name, PlaceKind kind, Func<string?, NewConfidence> make, Func<ConfidenceRecord, string?> member) =>
        Place.Of(name, kind, History, async (agent, value) =>
        {
            var appended = await agent.Incidents.AppendConfidenceAsync(make(value));
            var history = await agent.Incidents.GetConfidenceHistoryAsync(appended.SignalCluster, limit: 10_000);
            return member(history.Single(c => c.Id == appended.Id));
        });
}
