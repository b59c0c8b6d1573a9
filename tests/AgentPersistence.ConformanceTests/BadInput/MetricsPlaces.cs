using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Metrics;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class MetricsPlaces
{
    private const string Table = "agent_run_metrics";

    private static RunMetrics Run => new() { RunId = Guid.CreateVersion7().ToString() };

    public static IEnumerable<Place> All =>
    [
        Place.Of("RunMetrics.RunId", PlaceKind.Key, Table, async (agent, value) =>
            (await StoreAsync(agent, Run with { RunId = value! })).RunId),
        Place.Of("RunMetrics.JourneyName", PlaceKind.Name, Table, async (agent, value) =>
            (await StoreAsync(agent, Run with { JourneyName = value })).JourneyName),
        Place.Of("RunMetrics.FinalOutcome", PlaceKind.Name, Table, async (agent, value) =>
            (await StoreAsync(agent, Run with { FinalOutcome = value })).FinalOutcome),
        Place.Of("RunMetrics.TicketId", PlaceKind.OptionalKey, Table, async (agent, value) =>
            (await StoreAsync(agent, Run with { TicketId = value })).TicketId),
        Place.Of("RunMetrics.StartTime", PlaceKind.Time, Table, async (agent, value) =>
            (await StoreAsync(agent, Run with { StartTime = value, EndTime = DateTimeOffset.UnixEpoch })).StartTime),
        Place.Of("RunMetrics.EndTime", PlaceKind.Time, Table, async (agent, value) =>
            (await StoreAsync(agent, Run with { StartTime = DateTimeOffset.UnixEpoch, EndTime = value })).EndTime),
        Place.Of("RunQuery.JourneyName", PlaceKind.Name, Table, async (agent, value) =>
        {
            var query = new RunQuery { JourneyName = value, Limit = 1 };
            await agent.Metrics.QueryRunsAsync(query);

            // An outcome of its own, because null asks for every journey.
            var outcome = $"found-{Guid.NewGuid()}";
            await StoreAsync(agent, Run with { JourneyName = value, FinalOutcome = outcome });
            return (await agent.Metrics.QueryRunsAsync(query with { FinalOutcome = outcome })).Single().JourneyName;
        }),
        Place.Of("RunQuery.FinalOutcome", PlaceKind.Name, Table, async (agent, value) =>
        {
            var query = new RunQuery { FinalOutcome = value };
            await agent.Metrics.SummarizeRunsAsync(query);
            await StoreAsync(agent, Run with { FinalOutcome = value, JourneyName = "summed up" });
            var summary = await agent.Metrics.SummarizeRunsAsync(query);
            return value is null ? null : summary.Journeys["summed up"].Outcomes.Keys.Single();
        }),
        Place.Of("RunQuery.From", PlaceKind.TimeOrNow, Table, async (agent, value) =>
        {
            var journey = Guid.CreateVersion7().ToString();
            await StoreAsync(agent, Run with { StartTime = value, JourneyName = journey });
            return (await agent.Metrics.QueryRunsAsync(new RunQuery { From = value, JourneyName = journey })).Single().StartTime;
        }),
        Place.Of("RunQuery.To", PlaceKind.TimeOrNow, Table, async (agent, value) =>
        {
            var stored = await StoreAsync(agent, Run with { StartTime = value, JourneyName = Guid.CreateVersion7().ToString() });
            var query = new RunQuery { To = value, JourneyName = stored.JourneyName };
            return (await agent.Metrics.QueryRunsAsync(query)).Count == 0 ? stored.StartTime : null;
        }),
        Place.Lookup("RunQuery.After", Table, (agent, value) =>
            agent.Metrics.QueryRunsAsync(new RunQuery { Limit = 1, After = new RunMetrics { RunId = value } })),
        Place.Lookup("FindRunAsync.runId", Table, (agent, value) => agent.Metrics.FindRunAsync(value)),
    ];

    private static async Task<RunMetrics> StoreAsync(Agent agent, RunMetrics run)
    {
        await agent.Metrics.RecordRunAsync(run);
        return (await agent.Metrics.FindRunAsync(run.RunId))!;
    }
}
