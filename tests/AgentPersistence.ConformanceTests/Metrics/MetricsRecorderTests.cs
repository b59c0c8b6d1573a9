using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Metrics;

namespace AgentPersistence.ConformanceTests.Metrics;

public abstract class MetricsRecorderTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private IMetricsRecorder Metrics => Agent.Metrics;

    [Fact]
    public async Task A_recorded_run_comes_back_as_it_was_given()
    {
        var run = new RunMetrics
        {
            RunId = NewId("run"),
            JourneyName = "refund",
            StartTime = Start,
            EndTime = Start.AddSeconds(2),
            DurationMs = 1_500,
            FinalOutcome = "approved",
            TicketId = "ticket-1",
        };

        await Metrics.RecordRunAsync(run, Cancellation);

        Assert.Equal(run, await Metrics.FindRunAsync(run.RunId, Cancellation));
    }

    [Fact]
    public async Task A_run_of_which_only_the_id_is_known_comes_back_with_nothing_else()
    {
        var run = new RunMetrics { RunId = NewId("run") };

        await Metrics.RecordRunAsync(run, Cancellation);

        Assert.Equal(run, await Metrics.FindRunAsync(run.RunId, Cancellation));
    }

    [Fact]
    public async Task An_unknown_run_is_null() => Assert.Null(await Metrics.FindRunAsync(NewId("nobody"), Cancellation));

    [Fact]
    public async Task What_is_not_given_stays_and_what_is_given_replaces()
    {
        var id = NewId("run");
        var first = new RunMetrics { RunId = id, JourneyName = "refund", FinalOutcome = "open", TicketId = "t1", StartTime = Start };

        await Metrics.RecordRunAsync(first, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = id }, Cancellation);
        var kept = await Metrics.FindRunAsync(id, Cancellation);
        var changes = new RunMetrics { RunId = id, FinalOutcome = "denied", TicketId = "t2", JourneyName = "" };
        await Metrics.RecordRunAsync(changes, Cancellation);

        Assert.Equal(first, kept);
        Assert.Equal(changes with { StartTime = Start }, await Metrics.FindRunAsync(id, Cancellation));
    }

    [Theory]
    [InlineData(1_999_999, 1_999)]
    [InlineData(999, 0)]
    [InlineData(1_001_000, 1_001)]
    [InlineData(0, 0)]
    [InlineData(-5_000_000, 0)]
    public async Task The_duration_is_derived_in_whole_milliseconds_once_both_times_are_known(long microseconds, long milliseconds)
    {
        var (id, atOnce) = (NewId("run"), NewId("run"));
        var end = Start.AddMicroseconds(microseconds);

        await Metrics.RecordRunAsync(new RunMetrics { RunId = id, StartTime = Start }, Cancellation);
        var running = await Metrics.FindRunAsync(id, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = id, EndTime = end }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = atOnce, StartTime = Start, EndTime = end }, Cancellation);

        Assert.Null(running!.DurationMs);
        Assert.Equal(milliseconds, (await Metrics.FindRunAsync(id, Cancellation))!.DurationMs);
        Assert.Equal(milliseconds, (await Metrics.FindRunAsync(atOnce, Cancellation))!.DurationMs);
    }

    [Fact]
    public async Task A_derived_duration_follows_its_times()
    {
        var run = new RunMetrics { RunId = NewId("run"), StartTime = Start, EndTime = Start.AddSeconds(1) };

        await Metrics.RecordRunAsync(run, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = run.RunId, EndTime = Start.AddSeconds(3) }, Cancellation);
        var later = await Metrics.FindRunAsync(run.RunId, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = run.RunId, StartTime = Start.AddSeconds(1) }, Cancellation);

        Assert.Equal(3_000, later!.DurationMs);
        Assert.Equal(2_000, (await Metrics.FindRunAsync(run.RunId, Cancellation))!.DurationMs);
    }

    [Fact]
    public async Task A_given_duration_stays_until_another_is_given()
    {
        var id = NewId("run");

        await Metrics.RecordRunAsync(new RunMetrics { RunId = id, DurationMs = 7 }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = id, StartTime = Start, EndTime = Start.AddSeconds(1) }, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = id, EndTime = Start.AddSeconds(2) }, Cancellation);
        var kept = await Metrics.FindRunAsync(id, Cancellation);
        await Metrics.RecordRunAsync(new RunMetrics { RunId = id, DurationMs = 8 }, Cancellation);

        Assert.Equal(7, kept!.DurationMs);
        Assert.Equal(8, (await Metrics.FindRunAsync(id, Cancellation))!.DurationMs);
    }

    [Fact]
    public async Task Recording_a_run_again_changes_nothing()
    {
        var run = new RunMetrics { RunId = NewId("run"), JourneyName = "j", StartTime = Start, EndTime = Start.AddSeconds(1) };

        await Metrics.RecordRunAsync(run, Cancellation);
        var once = await Metrics.FindRunAsync(run.RunId, Cancellation);
        await Metrics.RecordRunAsync(run, Cancellation);

        Assert.Equal(once, await Metrics.FindRunAsync(run.RunId, Cancellation));
    }

    [Fact]
    public async Task Many_callers_record_parts_of_the_same_new_runs_and_none_is_lost()
    {
        var ids = Enumerable.Range(0, 8).Select(_ => NewId("run")).ToList();
        RunMetrics[] parts =
        [
            new() { RunId = "", JourneyName = "refund" },
            new() { RunId = "", StartTime = Start },
            new() { RunId = "", EndTime = Start.AddSeconds(4) },
            new() { RunId = "", FinalOutcome = "approved" },
            new() { RunId = "", TicketId = "t" },
        ];

        await Task.WhenAll(
            from id in ids
            from part in parts
            select Task.Run(() => Metrics.RecordRunAsync(part with { RunId = id }, Cancellation), Cancellation));

        foreach (var id in ids)
        {
            var expected = new RunMetrics
            {
                RunId = id,
                JourneyName = "refund",
                StartTime = Start,
                EndTime = Start.AddSeconds(4),
                DurationMs = 4_000,
                FinalOutcome = "approved",
                TicketId = "t",
            };
            Assert.Equal(expected, await Metrics.FindRunAsync(id, Cancellation));
        }
    }

    [Fact]
    public async Task What_a_transaction_records_is_there_once_it_commits_and_never_if_it_does_not()
    {
        var (kept, dropped) = (new RunMetrics { RunId = NewId("kept"), FinalOutcome = "a" }, NewId("dropped"));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Metrics.RecordRunAsync(kept, Cancellation);
            await transaction.Metrics.RecordRunAsync(kept, Cancellation);
            Assert.Equal(kept, await transaction.Metrics.FindRunAsync(kept.RunId, Cancellation));

            // A refused argument leaves the transaction usable.
            await Assert.ThrowsAsync<ArgumentException>(
                () => transaction.Metrics.RecordRunAsync(new RunMetrics { RunId = " " }, Cancellation));
            await transaction.CommitAsync(Cancellation);
        }

        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Metrics.RecordRunAsync(new RunMetrics { RunId = dropped }, Cancellation);
            await transaction.Metrics.RecordRunAsync(kept with { FinalOutcome = "b" }, Cancellation);
        }

        Assert.Equal(kept, await Metrics.FindRunAsync(kept.RunId, Cancellation));
        Assert.Null(await Metrics.FindRunAsync(dropped, Cancellation));
    }

    [Fact]
    public async Task Bad_input_is_refused_by_the_name_of_the_member()
    {
        var run = new RunMetrics { RunId = "r" };
        await Refused("run", () => Metrics.RecordRunAsync(null!, Cancellation));
        await Refused("RunId", () => Metrics.RecordRunAsync(run with { RunId = "" }, Cancellation));
        await Refused("DurationMs", () => Metrics.RecordRunAsync(run with { DurationMs = -1 }, Cancellation));
        await Refused("JourneyName", () => Metrics.RecordRunAsync(run with { JourneyName = new string('j', 256) }, Cancellation));
        await Refused("FinalOutcome", () => Metrics.RecordRunAsync(run with { FinalOutcome = new string('o', 256) }, Cancellation));
        await Refused("TicketId", () => Metrics.RecordRunAsync(run with { TicketId = "\n" }, Cancellation));
        await Refused("runId", () => Metrics.FindRunAsync("\0", Cancellation));
        await Refused("query", () => Metrics.QueryRunsAsync(null!, Cancellation));
        await Refused("Limit", () => Metrics.QueryRunsAsync(new RunQuery { Limit = 0 }, Cancellation));
        await Refused("Limit", () => Metrics.QueryRunsAsync(new RunQuery { Limit = 10_001 }, Cancellation));
        await Refused("After", () => Metrics.QueryRunsAsync(new RunQuery { After = run with { RunId = "\0" } }, Cancellation));
        await Refused("JourneyName", () => Metrics.SummarizeRunsAsync(new RunQuery { JourneyName = new string('j', 256) }, Cancellation));

        static async Task Refused(string argument, Func<Task> call) =>
            Assert.Equal(argument, (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName);
    }
}
