using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.Samples;

public abstract class IncidentExampleTests(TestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task What_helped_before_is_found_again()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);

        var first = await ActAsync(agent.Incidents, "Error: PAYMENT_CALLBACK_INVALID | Merchants: 3");
        var second = await ActAsync(agent.Incidents, "error_cluster | PAYMENT_CALLBACK_INVALID | merchant 77");

        Assert.Empty(first.Matches);
        Assert.Equal(IncidentOutcome.Completed, Assert.Single(second.Matches).Incident.Outcome);
    }

    private static async Task<SimilarIncidents> ActAsync(IIncidentMemory memory, string signal)
    {
        var actions = JsonElement.Parse("""[{ "action_type": "engineering_escalation", "success": true }]""");

        // <readme>
        var known = await memory.FindSimilarAsync(signal); // what helped before
        var cause = known.Matches is [var best, ..] ? best.Incident.RootCause : "Callback configuration error";

        // Recorded before acting, so that a crash in between leaves a trace.
        var incident = await memory.RecordAsync(new NewIncident { SignalCluster = signal, RootCause = cause, Confidence = 0.85 });
        await memory.UpdateOutcomeAsync(incident.Id, IncidentOutcome.Completed, actions);
        // </readme>
        return known;
    }
}
