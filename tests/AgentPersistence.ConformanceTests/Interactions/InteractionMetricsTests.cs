using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Interactions;

namespace AgentPersistence.ConformanceTests.Interactions;

public abstract class InteractionMetricsTests(TestDatabases databases) : InteractionTests(databases)
{
    private TestDatabase _own = null!;
    private Agent _agent = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _own = await Databases.CreateAsync();
        _agent = new Agent(_own);
    }

    public override async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _own.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_no_interactions_there_are_no_figures()
    {
        Assert.Equal(new InteractionMetrics(), await _agent.Interactions.GetMetricsAsync(cancellationToken: Cancellation));
        Assert.Null(new InteractionMetrics().Totals.ResolvedRate);
    }

    [Fact]
    public async Task A_dashboard_shows_what_happened()
    {
        var fees = Asked() with { Timestamp = Start, IntentName = "fees", ConfidenceScore = 0.9, ProcessingTimeMs = 100 };
        var logged = await _agent.Interactions.LogAsync(
            [
                fees with { IntentCategory = IntentCategory.Automatable },
                fees with { Timestamp = Start.AddHours(1), ConfidenceScore = 0.3, ProcessingTimeMs = 200 },
                Asked() with
                {
                    Timestamp = Start.AddDays(2),
                    IntentCategory = IntentCategory.HumanOnly,
                    Outcome = InteractionOutcome.Escalated,
                    ProcessingTimeMs = 400,
                },
                Asked() with { Timestamp = Start.AddDays(2).AddTicks(-10), AssistantMode = AssistantMode.Banker, ConfidenceScore = 1 },
            ],
            Cancellation);
        await _agent.Interactions.EscalateAsync(logged[2].Id, Because("human_only"), Cancellation);
        await _agent.Interactions.EscalateAsync(logged[2].Id, Because("human_only"), Cancellation);
        await _agent.Interactions.EscalateAsync(logged[3].Id, Because("low_confidence"), Cancellation);

        var metrics = await _agent.Interactions.GetMetricsAsync(cancellationToken: Cancellation);

        Assert.Equal((4, 3, 1, 0.75, 0.25), (
            metrics.Totals.Total, metrics.Totals.Resolved, metrics.Totals.Escalated, metrics.Totals.ResolvedRate, metrics.Totals.EscalatedRate));
        Assert.Equal(new InteractionCounts(2, 2), Assert.Single(metrics.Intents, i => i.Key == "fees").Value);
        Assert.Equal((new(1, 1), new(1, 0)), (metrics.Categories[IntentCategory.Automatable], metrics.Categories[IntentCategory.HumanOnly]));
        Assert.Equal((2, 1), (metrics.EscalationTriggers["human_only"], metrics.EscalationTriggers["low_confidence"]));
        Assert.Equal(3, metrics.Confidence.Count);
        Close(2.2 / 3, metrics.Confidence.Mean);
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 0, 2], metrics.Confidence.Distribution);
        Assert.Equal(
            new ProcessingTimeMetrics { Count = 3, MeanMs = 700 / 3d, P50Ms = 200, P95Ms = 380 }, metrics.ProcessingTime);
        Assert.Equal(
            [new(Start, new(2, 2)), new(Start.AddDays(1), new(1, 1)), new(Start.AddDays(2), new(1, 0))], metrics.Series);
    }

    [Fact]
    public async Task All_figures_are_those_of_a_plain_computation_over_random_interactions()
    {
        var (interactions, escalations) = await LogRandomAsync(new Random(20_260_401), 1_200);
        (DateTimeOffset? From, DateTimeOffset? To)[] bounds =
        [
            (null, null), (At(3), null), (null, At(3)), (At(2), At(5)), (At(2).AddTicks(10), At(2).AddTicks(20)), (At(5), At(2)), (At(400), null),
        ];
        var queries =
            from mode in new AssistantMode?[] { null, AssistantMode.Customer, AssistantMode.Banker }
            from bound in bounds
            from interval in Enum.GetValues<InteractionInterval>()
            select new InteractionMetricsQuery { AssistantMode = mode, From = bound.From, To = bound.To, Interval = interval };

        foreach (var query in queries)
        {
            var expected = ComputedMetrics.Of(interactions, escalations, query);
            var actual = await _agent.Interactions.GetMetricsAsync(query, Cancellation);

            Close(expected.Confidence.Mean, actual.Confidence.Mean);
            Close(expected.ProcessingTime.P50Ms, actual.ProcessingTime.P50Ms);
            Close(expected.ProcessingTime.P95Ms, actual.ProcessingTime.P95Ms);
            Assert.Equal(expected, actual with
            {
                Confidence = actual.Confidence with { Mean = expected.Confidence.Mean },
                ProcessingTime = actual.ProcessingTime with { P50Ms = expected.ProcessingTime.P50Ms, P95Ms = expected.ProcessingTime.P95Ms },
            });
        }
    }

    [Fact]
    public async Task Percentiles_interpolate_whatever_the_count()
    {
        var random = new Random(7);
        for (var count = 1; count < 45; count++)
        {
            var mode = count % 2 == 0 ? AssistantMode.Banker : AssistantMode.Customer;
            var day = Start.AddDays(count);
            var timed = Asked() with { AssistantMode = mode, Timestamp = day };
            var logged = await _agent.Interactions.LogAsync(
                [.. Enumerable.Range(0, count).Select(_ => timed with { ProcessingTimeMs = random.Next(60) })], Cancellation);

            var query = new InteractionMetricsQuery { AssistantMode = mode, From = day, To = day.AddDays(1) };
            var (expected, actual) = (ComputedMetrics.Of(logged, [], query), await _agent.Interactions.GetMetricsAsync(query, Cancellation));

            Assert.Equal((count, expected.ProcessingTime.MeanMs), (actual.ProcessingTime.Count, actual.ProcessingTime.MeanMs));
            Close(expected.ProcessingTime.P50Ms, actual.ProcessingTime.P50Ms);
            Close(expected.ProcessingTime.P95Ms, actual.ProcessingTime.P95Ms);
        }
    }

    [Theory]
    [InlineData(InteractionInterval.Day)]
    [InlineData(InteractionInterval.Hour)]
    public async Task The_earliest_and_the_latest_time_there_is_have_periods_too(InteractionInterval interval)
    {
        var last = DateTimeOffset.MaxValue;
        await _agent.Interactions.LogAsync(
            [Asked() with { Timestamp = DateTimeOffset.MinValue }, Asked() with { Timestamp = last }], Cancellation);

        var metrics = await _agent.Interactions.GetMetricsAsync(
            new InteractionMetricsQuery { From = DateTimeOffset.MinValue, To = last, Interval = interval }, Cancellation);
        var all = await _agent.Interactions.GetMetricsAsync(new InteractionMetricsQuery { Interval = interval }, Cancellation);

        // The bound is cut to microseconds like the time, and excludes it.
        Assert.Equal([new(DateTimeOffset.MinValue, new(1, 1))], metrics.Series);
        var length = interval == InteractionInterval.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        Assert.Equal([DateTimeOffset.MinValue, last.AddTicks(1 - length.Ticks)], all.Series.Select(p => p.Start));
    }

    [Fact]
    public async Task All_figures_are_of_one_moment_while_others_write_also_in_a_transaction()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Task.Run(
            async () =>
            {
                var one = Asked() with { IntentName = "i", ConfidenceScore = 1, ProcessingTimeMs = 1 };
                NewInteraction[] ten = [.. Enumerable.Repeat(one, 10)];
                while (!stop.IsCancellationRequested)
                {
                    await _agent.Interactions.LogAsync(ten, Cancellation);
                }
            },
            Cancellation);

        for (var i = 0; i < 60; i++)
        {
            if (i % 10 == 0)
            {
                await using var transaction = await _agent.Database.BeginTransactionAsync(Cancellation);
                AssertAgrees(await transaction.Interactions.GetMetricsAsync(cancellationToken: Cancellation));
            }

            AssertAgrees(await _agent.Interactions.GetMetricsAsync(cancellationToken: Cancellation));
        }

        await stop.CancelAsync();
        await writing;

        static void AssertAgrees(InteractionMetrics metrics)
        {
            var total = metrics.Totals.Total;
            Assert.Equal(0, total % 10);
            Assert.Equal((total, total), (metrics.Confidence.Count, metrics.ProcessingTime.Count));
            Assert.Equal((total, total), (metrics.Intents.Sum(i => i.Value.Total), metrics.Series.Sum(p => p.Counts.Total)));
        }
    }

    [Fact]
    public async Task A_mode_or_an_interval_that_is_not_defined_is_refused()
    {
        var mode = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Interactions.GetMetricsAsync(new InteractionMetricsQuery { AssistantMode = (AssistantMode)7 }, Cancellation));
        var interval = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Interactions.GetMetricsAsync(new InteractionMetricsQuery { Interval = (InteractionInterval)7 }, Cancellation));

        Assert.Equal(
            (nameof(InteractionMetricsQuery.AssistantMode), nameof(InteractionMetricsQuery.Interval)), (mode.ParamName, interval.ParamName));
    }

    // Before and after 1970, because a time is a number on one of the databases.
    private static DateTimeOffset At(double days) => new DateTimeOffset(1969, 12, 29, 0, 0, 0, TimeSpan.Zero).AddDays(days);

    private static void Close(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        Assert.Equal(expected ?? 0, actual ?? 0, 1e-9);
    }

    private async Task<(IReadOnlyList<Interaction> Interactions, List<Escalation> Escalations)> LogRandomAsync(Random random, int count)
    {
        T? Maybe<T>(Func<T> value)
            where T : struct => random.Next(5) == 0 ? null : value();
        var given = Enumerable.Range(0, count).Select(_ => new NewInteraction
        {
            AssistantMode = (AssistantMode)random.Next(2),
            UserQuery = "q",
            Outcome = (InteractionOutcome)random.Next(2),
            Timestamp = At(random.Next(2) == 0 ? random.Next(7) : random.NextDouble() * 7),
            IntentName = random.Next(5) == 0 ? null : $"intent é {random.Next(6)}",
            IntentCategory = Maybe(() => (IntentCategory)random.Next(3)),
            ConfidenceScore = Maybe(() => random.Next(2) == 0 ? random.Next(11) / 10d : random.NextDouble()),
            ProcessingTimeMs = Maybe(() => random.Next(random.Next(2) == 0 ? 20 : int.MaxValue)),
        });
        var interactions = await _agent.Interactions.LogAsync([.. given], Cancellation);
        var escalations = new List<Escalation>();
        foreach (var interaction in interactions.Where(_ => random.Next(8) == 0))
        {
            for (var i = random.Next(3); i >= 0; i--)
            {
                escalations.Add(await _agent.Interactions.EscalateAsync(interaction.Id, Because($"trigger {random.Next(4)}"), Cancellation));
            }
        }

        return (interactions, escalations);
    }
}
