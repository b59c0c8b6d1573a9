using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

public abstract class IncidentQueryTests(TestDatabases databases) : IncidentTests(databases)
{
    [Fact]
    public async Task Pages_come_newest_first_and_miss_none_though_times_are_equal()
    {
        await using var database = await Databases.CreateAsync();
        var clock = new ManualTimeProvider();
        await using var agent = new Agent(database, clock);
        var recorded = new List<Guid>();
        for (var i = 0; i < 25; i++)
        {
            recorded.AddRange(await RecordAsync(agent.Incidents, $"signal {i}"));
            clock.Advance(i % 5 == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
        }

        var read = new List<Incident>();
        var query = new IncidentQuery { Limit = 4 };
        while (await agent.Incidents.QueryAsync(query with { After = read.LastOrDefault() }, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        recorded.Reverse();
        Assert.Equal(recorded, read.Select(i => i.Id));
        Assert.Equal(recorded.Take(10), (await agent.Incidents.GetRecentAsync(cancellationToken: Cancellation)).Select(i => i.Id));
        Assert.Equal(recorded.Take(3), (await agent.Incidents.GetRecentAsync(3, Cancellation)).Select(i => i.Id));
    }

    [Fact]
    public async Task Every_filter_that_is_set_must_match()
    {
        await using var database = await Databases.CreateAsync();
        var clock = new ManualTimeProvider();
        await using var agent = new Agent(database, clock);
        var start = clock.GetUtcNow();
        foreach (var cause in new[] { "a", "b", null })
        {
            foreach (var outcome in new[] { IncidentOutcome.Pending, IncidentOutcome.Completed })
            {
                await agent.Incidents.RecordAsync(Seen($"{cause} {outcome}", rootCause: cause) with { Outcome = outcome }, Cancellation);
                clock.Advance(TimeSpan.FromHours(1));
            }
        }

        async Task<IEnumerable<string>> Signals(IncidentQuery query) =>
            (await agent.Incidents.QueryAsync(query, Cancellation)).Select(i => i.SignalCluster);

        Assert.Equal(["a Completed", "a Pending"], await Signals(new() { RootCause = "a" }));
        Assert.Equal([" Completed", "b Completed", "a Completed"], await Signals(new() { Outcome = IncidentOutcome.Completed }));
        Assert.Equal(["b Pending"], await Signals(new() { RootCause = "b", Outcome = IncidentOutcome.Pending }));
        Assert.Equal(["a Completed"], await Signals(new() { From = start.AddHours(1), To = start.AddHours(2) }));
        Assert.Empty(await Signals(new() { RootCause = "A" }));
        Assert.Empty(await Signals(new() { Outcome = IncidentOutcome.Failed }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task A_limit_out_of_range_is_refused(int limit)
    {
        var query = await Assert.ThrowsAnyAsync<ArgumentException>(() => Incidents.QueryAsync(new() { Limit = limit }, Cancellation));
        var recent = await Assert.ThrowsAnyAsync<ArgumentException>(() => Incidents.GetRecentAsync(limit, Cancellation));
        var rates = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Incidents.GetSuccessRatesByRootCauseAsync(limit: limit, cancellationToken: Cancellation));
        var similar = await Assert.ThrowsAnyAsync<ArgumentException>(() => Incidents.FindSimilarAsync("x", limit, cancellationToken: Cancellation));

        Assert.Equal(["Limit", "limit", "limit", "limit"], new[] { query, recent, rates, similar }.Select(e => e.ParamName));
    }

    [Fact]
    public async Task Success_rates_are_those_of_each_root_cause()
    {
        await using var database = await Databases.CreateAsync();
        var clock = new ManualTimeProvider();
        await using var agent = new Agent(database, clock);
        Assert.Empty(await agent.Incidents.GetSuccessRatesByRootCauseAsync(cancellationToken: Cancellation));
        foreach (var (cause, confidence, outcome) in new (string?, double, IncidentOutcome)[]
        {
            ("Callback configuration error", 0.8, IncidentOutcome.Completed),
            ("Callback configuration error", 0.9, IncidentOutcome.Completed),
            ("Node is full", 0.25, IncidentOutcome.Completed),
            ("Node is full", 0.5, IncidentOutcome.Failed),
            ("Node is full", 0.75, IncidentOutcome.Pending),
            (null, 0.1, IncidentOutcome.PendingApproval),
            (null, 0.3, IncidentOutcome.Rejected),
            ("Z", 1, IncidentOutcome.PartialFailure),
        })
        {
            await agent.Incidents.RecordAsync(Seen("x", confidence, cause) with { Outcome = outcome }, Cancellation);
            clock.Advance(TimeSpan.FromHours(1));
        }

        var rates = await agent.Incidents.GetSuccessRatesByRootCauseAsync(cancellationToken: Cancellation);
        var late = await agent.Incidents.GetSuccessRatesByRootCauseAsync(clock.GetUtcNow().AddHours(-1), cancellationToken: Cancellation);
        var first = await agent.Incidents.GetSuccessRatesByRootCauseAsync(limit: 1, cancellationToken: Cancellation);

        Assert.Equal(["Node is full", "Callback configuration error", null, "Z"], rates.Select(r => r.RootCause));
        Assert.Equal([(3, 2, 1), (2, 2, 2), (2, 1, 0), (1, 1, 0)], rates.Select(r => (r.TotalIncidents, r.SettledIncidents, r.SuccessfulResolutions)));
        Assert.Equal([0.333, 1, 0, 0], rates.Select(r => Math.Round(r.SuccessRate, 3)));
        Assert.Equal([0.5, 0.85, 0.2, 1], rates.Select(r => Math.Round(r.AverageConfidence, 9)));
        Assert.Equal("Z", Assert.Single(late).RootCause);
        Assert.Equal(rates[0], Assert.Single(first));
    }
}
