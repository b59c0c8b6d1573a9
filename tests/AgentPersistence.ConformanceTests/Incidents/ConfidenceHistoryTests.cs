using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Incidents;

namespace AgentPersistence.ConformanceTests.Incidents;

public abstract class ConfidenceHistoryTests(TestDatabases databases) : IncidentTests(databases)
{
    [Fact]
    public async Task A_confidence_is_appended_with_its_cause()
    {
        var signal = NewId("signal");
        var incident = (await Incidents.RecordAsync(Seen(signal, 0.6), Cancellation)).Id;
        var appended = await Incidents.AppendConfidenceAsync(
            new NewConfidence { SignalCluster = signal, Confidence = 0.9, Cause = "validated by mia", IncidentId = incident }, Cancellation);

        var history = await Incidents.GetConfidenceHistoryAsync(signal, cancellationToken: Cancellation);

        Assert.Equal(appended, history[0]);
        Assert.Equal((0.9, "validated by mia", incident), (appended.Confidence, appended.Cause, appended.IncidentId));
        Assert.Equal(
            (signal, 0.6, ConfidenceRecord.IncidentRecorded, incident),
            (history[1].SignalCluster, history[1].Confidence, history[1].Cause, history[1].IncidentId));
        Assert.Equal(2, history.Count);
    }

    [Fact]
    public async Task The_history_goes_back_as_many_days_as_asked()
    {
        await using var database = await Databases.CreateAsync();
        var clock = new ManualTimeProvider();
        await using var agent = new Agent(database, clock);
        async Task<List<double>> Read(int days) =>
            [.. (await agent.Incidents.GetConfidenceHistoryAsync(days: days, cancellationToken: Cancellation)).Select(c => c.Confidence)];
        foreach (var confidence in new[] { 0.1, 0.2, 0.3 })
        {
            await agent.Incidents.AppendConfidenceAsync(new NewConfidence { SignalCluster = "s", Confidence = confidence }, Cancellation);
            clock.Advance(TimeSpan.FromDays(20));
        }

        Assert.Equal([0.3], await Read(20));
        Assert.Single(await agent.Incidents.GetConfidenceHistoryAsync(cancellationToken: Cancellation));
        Assert.Equal([0.3, 0.2], await Read(59));
        Assert.Equal([0.3, 0.2, 0.1], await Read(36_500));
        Assert.Empty(await Read(1));
    }

    [Fact]
    public async Task Pages_of_one_signal_go_on_where_the_last_one_ended()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database, new ManualTimeProvider());
        for (var i = 0; i < 20; i++)
        {
            await agent.Incidents.AppendConfidenceAsync(
                new NewConfidence { SignalCluster = i % 2 == 0 ? "even" : "odd", Confidence = i / 20.0 }, Cancellation);
        }

        var read = new List<ConfidenceRecord>();
        while (await agent.Incidents.GetConfidenceHistoryAsync("even", 1, read.LastOrDefault(), 3, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(0, 10).Reverse().Select(i => i / 10.0), read.Select(c => c.Confidence));
        Assert.Equal(20, (await agent.Incidents.GetConfidenceHistoryAsync(days: 1, cancellationToken: Cancellation)).Count);
        Assert.Empty(await agent.Incidents.GetConfidenceHistoryAsync("Even", 1, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Many_appends_at_once_are_each_stored_once()
    {
        var signal = NewId("signal");

        var appended = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Incidents.AppendConfidenceAsync(
            new NewConfidence { SignalCluster = signal, Confidence = i / 500.0 }, Cancellation)));

        var history = await Incidents.GetConfidenceHistoryAsync(signal, cancellationToken: Cancellation);
        Assert.Equal(appended.OrderBy(c => c.Id), history.OrderBy(c => c.Id));
    }

    [Theory]
    [InlineData(0, 10, "days")]
    [InlineData(36_501, 10, "days")]
    [InlineData(1, 0, "limit")]
    [InlineData(1, 10_001, "limit")]
    public async Task Days_and_limit_out_of_range_are_refused(int days, int limit, string argument)
    {
        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Incidents.GetConfidenceHistoryAsync("s", days, limit: limit, cancellationToken: Cancellation));

        Assert.Equal(argument, refused.ParamName);
    }

    [Fact]
    public async Task A_cancelled_append_is_not_stored()
    {
        var signal = NewId("signal");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Incidents.AppendConfidenceAsync(
            new NewConfidence { SignalCluster = signal, Confidence = 1 }, new CancellationToken(canceled: true)));

        Assert.Empty(await Incidents.GetConfidenceHistoryAsync(signal, cancellationToken: Cancellation));
    }
}
