using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Metrics;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Runs of five journeys; one began each second.</summary>
internal static class RunGrowth
{
    private const int Summed = 1_000;

    public static GrowingTable Table { get; } = new("run metrics", FillAsync,
    [
        Calling("record", (runs, _) => runs.RecordRunAsync(New())) with { Adds = true },
        Calling("find", (runs, rows) => runs.FindRunAsync(Numbered.Hex(Numbered.Any(rows)))),
        Querying("by journey", new RunQuery { JourneyName = "refund-1" }),
        Querying("by outcome", new RunQuery { FinalOutcome = "denied" }),
        Calling($"summary of {Summed:N0}", (runs, rows) => runs.SummarizeRunsAsync(
            new RunQuery { From = Numbered.Time(rows - Summed), To = Numbered.Time(rows) })),
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_run_metrics (run_id, journey_name, start_time, end_time, duration_ms, final_outcome)
            SELECT {sql.Hex("n")}, 'refund-' || (n % 5), {sql.At("n")}, {sql.At("n + 4")}, 4000,
                CASE WHEN n % 10 = 0 THEN 'denied' ELSE 'approved' END
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Calling(string name, Func<IMetricsRecorder, long, Task> call) => Operation.On(name, call);

    private static Operation Querying(string name, RunQuery query) =>
        Calling(name, (runs, _) => runs.QueryRunsAsync(query));

    private static RunMetrics New() => new()
    {
        RunId = Guid.NewGuid().ToString("N"),
        JourneyName = "refund-1",
        StartTime = DateTimeOffset.UtcNow,
        FinalOutcome = "approved",
    };
}
