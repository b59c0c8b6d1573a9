using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Metrics;

namespace AgentPersistence.ConformanceTests.Metrics;

/// <summary>Pages and summaries, each test over a table of its own.</summary>
public abstract class RunQueryTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private IMetricsRecorder Metrics => Agent.Metrics;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync("DELETE FROM agent_run_metrics");
    }

    [Fact]
    public async Task Runs_are_listed_latest_start_first_and_those_without_a_start_last()
    {
        await RecordAsync(("b", 1), ("a", 1), ("A", 1), ("none-2", null), ("é", 3), ("none-1", null), ("c", 2));

        Assert.Equal(["é", "c", "b", "a", "A", "none-2", "none-1"], await IdsAsync(new RunQuery()));
        Assert.Equal(["é", "c"], await IdsAsync(new RunQuery { Limit = 2 }));
    }

    [Fact]
    public async Task Runs_are_filtered_by_journey_outcome_and_the_time_they_began()
    {
        await RecordAsync(("r0", 0), ("r1", 1), ("r2", 2), ("r3", 3), ("unknown", null));
        await Metrics.RecordRunAsync(new RunMetrics { RunId = "r1", JourneyName = "refund", FinalOutcome = "approved" }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = "r2", JourneyName = "refund", FinalOutcome = "denied" }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = "r3", JourneyName = "Refund" }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = "unknown", JourneyName = "refund" }, Cancellation);

        Assert.Equal(["r2", "r1", "unknown"], await IdsAsync(new RunQuery { JourneyName = "refund" }));
        Assert.Equal(["r1"], await IdsAsync(new RunQuery { JourneyName = "refund", FinalOutcome = "approved" }));
        Assert.Equal(["r2"], await IdsAsync(new RunQuery { FinalOutcome = "denied" }));
        Assert.Equal(["r3", "r2"], await IdsAsync(new RunQuery { From = Start.AddMinutes(2) }));
        Assert.Equal(["r1", "r0"], await IdsAsync(new RunQuery { To = Start.AddMinutes(2) }));
        Assert.Equal(["r1"], await IdsAsync(new RunQuery { From = Start.AddMinutes(1), To = Start.AddMinutes(2) }));
        Assert.Empty(await IdsAsync(new RunQuery { From = Start.AddMinutes(2), To = Start.AddMinutes(1) }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Pages_meet_without_a_gap_through_equal_starts_and_into_the_runs_without_one(int limit)
    {
        await RecordAsync(("a", 1), ("b", 1), ("c", 1), ("d", 2), ("e", null), ("f", null), ("g", null));
        var read = new List<string>();

        for (RunMetrics? last = null; ;)
        {
            var page = await Metrics.QueryRunsAsync(new RunQuery { After = last, Limit = limit }, Cancellation);
            read.AddRange(page.Select(r => r.RunId));
            if (page.Count < limit)
            {
                break;
            }

            last = page[^1];
        }

        Assert.Equal(["d", "c", "b", "a", "g", "f", "e"], read);
    }

    [Fact]
    public async Task Nothing_follows_a_run_without_a_start_where_a_bound_asks_for_one()
    {
        await RecordAsync(("a", 1), ("b", null), ("c", null));

        Assert.Empty(await IdsAsync(new RunQuery { From = Start, After = new RunMetrics { RunId = "c" } }));
    }

    [Fact]
    public async Task A_summary_of_no_runs_is_zero()
    {
        Assert.Equal(new RunSummary(), await Metrics.SummarizeRunsAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_summary_counts_runs_and_outcomes_and_interpolates_durations_in_total_and_by_journey()
    {
        await FinishAsync("refund", "approved", 10, 20, 40);
        await FinishAsync("refund", "denied", 100);
        await FinishAsync("cancel", null, 7);
        await FinishAsync(null, "approved", 1_000);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = NewId("run"), JourneyName = "refund", StartTime = Start }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = NewId("run"), JourneyName = "open" }, Cancellation);

        var summary = await Metrics.SummarizeRunsAsync(cancellationToken: Cancellation);

        // The values that PostgreSQL's percentile_cont documents: the place is fraction * (n - 1), between two neighbours on a line.
        Assert.Equal((8, 6), (summary.TotalRuns, summary.FinishedRuns));
        AssertDurations(summary, mean: 1177 / 6d, p50: 30, p95: 775, p99: 955);
        Assert.Equal(new Dictionary<string, long> { ["approved"] = 4, ["denied"] = 1 }, summary.Outcomes.ToDictionary());
        Assert.Equal(["cancel", "open", "refund"], summary.Journeys.Keys.Order(StringComparer.Ordinal));

        var refund = summary.Journeys["refund"];
        Assert.Equal((5, 4), (refund.TotalRuns, refund.FinishedRuns));
        AssertDurations(refund, mean: 42.5, p50: 30, p95: 91, p99: 98.2);
        Assert.Equal(new Dictionary<string, long> { ["approved"] = 3, ["denied"] = 1 }, refund.Outcomes.ToDictionary());
        Assert.Empty(refund.Journeys);
        AssertDurations(summary.Journeys["cancel"], mean: 7, p50: 7, p95: 7, p99: 7);
        Assert.Empty(summary.Journeys["cancel"].Outcomes);
        Assert.Equal(new RunSummary { TotalRuns = 1 }, summary.Journeys["open"]);
    }

    [Fact]
    public async Task A_summary_covers_the_runs_that_match_and_ignores_limit_and_position()
    {
        await RecordAsync(("r0", 0), ("r1", 1), ("r2", 2), ("none", null));
        await Metrics.RecordRunAsync(new RunMetrics { RunId = "r1", JourneyName = "refund", FinalOutcome = "approved" }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = "r2", JourneyName = "refund", FinalOutcome = "denied" }, Cancellation);

        async Task<long> CountAsync(RunQuery query) => (await Metrics.SummarizeRunsAsync(query, Cancellation)).TotalRuns;

        Assert.Equal(4, await CountAsync(new RunQuery { Limit = 1, After = new RunMetrics { RunId = "r0", StartTime = Start } }));
        Assert.Equal(2, await CountAsync(new RunQuery { JourneyName = "refund" }));
        Assert.Equal(1, await CountAsync(new RunQuery { FinalOutcome = "denied" }));
        Assert.Equal(2, await CountAsync(new RunQuery { From = Start.AddMinutes(1) }));
        Assert.Equal(1, await CountAsync(new RunQuery { To = Start.AddMinutes(1) }));
        Assert.Equal(0, await CountAsync(new RunQuery { JourneyName = "nothing" }));
    }

    [Fact]
    public async Task Percentiles_are_the_same_numbers_as_the_ones_computed_by_hand_whatever_the_count()
    {
        var random = new Random(20_260_301);
        var durations = Enumerable.Range(0, 237).Select(_ => random.NextInt64(1, 5_000_000)).ToArray();
        await FinishAsync("long", null, durations);
        await FinishAsync("short", null, durations[..2]);

        var summary = await Metrics.SummarizeRunsAsync(cancellationToken: Cancellation);

        AssertByHand(durations, summary.Journeys["long"]);
        AssertByHand(durations[..2], summary.Journeys["short"]);
        AssertByHand([.. durations, .. durations[..2]], summary);

        static void AssertByHand(long[] durations, RunSummary summary)
        {
            long[] ordered = [.. durations.Order()];
            double At(double fraction)
            {
                var place = fraction * (ordered.Length - 1);
                var (lower, upper) = (ordered[(int)Math.Floor(place)], ordered[(int)Math.Ceiling(place)]);
                return lower + (place - Math.Floor(place)) * (upper - lower);
            }

            AssertDurations(summary, durations.Average(), At(0.5), At(0.95), At(0.99));
        }
    }

    private static void AssertDurations(RunSummary summary, double mean, double p50, double p95, double p99)
    {
        Assert.Equal(mean, summary.MeanDurationMs!.Value, 1e-9);
        Assert.Equal(p50, summary.P50DurationMs!.Value, 1e-9);
        Assert.Equal(p95, summary.P95DurationMs!.Value, 1e-9);
        Assert.Equal(p99, summary.P99DurationMs!.Value, 1e-9);
    }

    private async Task RecordAsync(params (string Id, int? Minute)[] runs)
    {
        foreach (var (id, minute) in runs)
        {
            var start = minute is { } m ? Start.AddMinutes(m) : (DateTimeOffset?)null;
            await Metrics.RecordRunAsync(new RunMetrics { RunId = id, StartTime = start }, Cancellation);
        }
    }

    private async Task FinishAsync(string? journey, string? outcome, params long[] durations)
    {
        foreach (var duration in durations)
        {
            var run = new RunMetrics
            {
                RunId = NewId("run"),
                JourneyName = journey,
                FinalOutcome = outcome,
                StartTime = Start,
                EndTime = Start.AddMilliseconds(duration),
            };
            await Metrics.RecordRunAsync(run, Cancellation);
        }
    }

    private async Task<IEnumerable<string>> IdsAsync(RunQuery query) =>
        (await Metrics.QueryRunsAsync(query, Cancellation)).Select(r => r.RunId);
}
