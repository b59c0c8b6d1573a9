using System.Globalization;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Metrics;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Runs of five journeys; one began each second.</summary>
internal static class RunGrowth
{
    private const int Summed = 1_000;

    public static GrowingTable Table { get; } = new("run metrics", FillAsync,
    [
        new("record", (agent, _) => Calling(agent, runs => runs.RecordRunAsync(New()))) { Adds = true },
        new("find", (agent, rows) => Calling(agent, runs => runs.FindRunAsync(Id(Random.Shared.NextInt64(rows))))),
        new("by journey", (agent, _) => Calling(agent, runs => runs.QueryRunsAsync(new RunQuery { JourneyName = "refund-1" }))),
        new("by outcome", (agent, _) => Calling(agent, runs => runs.QueryRunsAsync(new RunQuery { FinalOutcome = "denied" }))),
        new($"summary of {Summed:N0}", (agent, _) => Calling(agent, runs => runs.SummarizeRunsAsync(
            new RunQuery { To = Newest.AddSeconds(-1), From = Newest.AddSeconds(-Summed) }))),
    ]);

    private static DateTimeOffset Newest { get; } = DateTimeOffset.UtcNow;

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_run_metrics (run_id, journey_name, start_time, end_time, duration_ms, final_outcome)
            SELECT {sql.Hex("n")}, 'refund-' || (n % 5), {sql.SecondsAgo($"{rows} - n")}, {sql.SecondsAgo($"{rows} - n - 4")}, 4000,
                CASE WHEN n % 10 = 0 THEN 'denied' ELSE 'approved' END
            FROM {sql.Series(rows)}
            """);
    }

    private static RunMetrics New() => new()
    {
        RunId = Guid.NewGuid().ToString("N"),
        JourneyName = "refund-1",
        StartTime = DateTimeOffset.UtcNow,
        FinalOutcome = "approved",
    };

    private static Func<Task> Calling(Agent agent, Func<IMetricsRecorder, Task> call)
    {
        var runs = agent.Get<IMetricsRecorder>();
        return () => call(runs);
    }

    private static string Id(long number) => number.ToString("x10", CultureInfo.InvariantCulture);
}
