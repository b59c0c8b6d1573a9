using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

/// <summary>What the database adds up.</summary>
public abstract class TokenSumTests(TestDatabases databases) : TokenTests(databases)
{
    private static readonly DateOnly Day = new(2026, 2, 28);

    [Fact]
    public async Task Each_day_of_a_range_has_its_sums_by_utc()
    {
        var scope = NewId("scope");
        var usage = new TokenUsage { Input = 1, CacheRead = 10, CacheWrite = 100, Output = 1_000, Reasoning = 10_000 };
        await Tokens.LogAsync(
            [
                Used(scope) with { OccurredAt = At("2026-02-27T23:59:59.999999Z"), Usage = usage, Cost = 100 },
                Used(scope) with { OccurredAt = At("2026-02-28T00:00:00Z"), Usage = usage, Cost = 0.1m },
                Used(scope) with { OccurredAt = At("2026-03-01T00:59:59+01:00"), Usage = usage, Cost = 0.2m },
                Used(scope) with { OccurredAt = At("2026-02-28T12:00:00Z"), Usage = usage, Cost = 7, Currency = "EUR" },
                Used(scope) with { OccurredAt = At("2026-02-28T13:00:00Z"), Usage = usage },
                Used(scope) with { OccurredAt = At("2026-03-02T00:00:00Z"), Usage = usage },
            ],
            Cancellation);

        var days = await Tokens.GetDailyUsageAsync(Day, Day.AddDays(1), new() { Scope = scope }, Cancellation);

        Assert.Equal([Day, Day.AddDays(1)], days.Select(d => d.Day));
        var totals = new TokenTotals
        {
            Entries = 4,
            EntriesWithoutCost = 1,
            Usage = new() { Input = 4, CacheRead = 40, CacheWrite = 400, Output = 4_000, Reasoning = 40_000 },
            Costs = new Dictionary<string, decimal> { ["EUR"] = 7, ["USD"] = 0.3m },
        };
        Assert.Equal([totals, new TokenTotals()], days.Select(d => d.Totals));
        var noon = await Tokens.GetDailyUsageAsync(
            Day, Day, new() { Scope = scope, From = At("2026-02-28T12:00:00Z"), To = At("2026-02-28T13:00:00Z") }, Cancellation);
        Assert.Equal(1, Assert.Single(noon).Totals.Entries);
    }

    [Fact]
    public async Task Days_before_1970_and_the_last_of_all_are_days_too()
    {
        var scope = NewId("scope");
        await Tokens.LogAsync(
            [
                Used(scope) with { OccurredAt = At("1969-12-30T00:00:00Z") }, Used(scope) with { OccurredAt = At("1969-12-30T23:59:59Z") },
                Used(scope) with { OccurredAt = At("1969-12-31T00:00:00Z") }, Used(scope) with { OccurredAt = DateTimeOffset.MaxValue },
            ],
            Cancellation);

        var days = await Tokens.GetDailyUsageAsync(new(1969, 12, 29), new(1970, 1, 1), new() { Scope = scope }, Cancellation);
        var last = await Tokens.GetDailyUsageAsync(DateOnly.MaxValue, DateOnly.MaxValue, new() { Scope = scope }, Cancellation);

        Assert.Equal([0L, 2, 1, 0], days.Select(d => d.Totals.Entries));
        Assert.Equal(1, Assert.Single(last).Totals.Entries);
    }

    [Fact]
    public async Task Statistics_are_by_scope_provider_and_model_over_the_last_days()
    {
        var clock = new ManualTimeProvider(At("2026-05-10T12:00:00Z"));
        await using var agent = new Agent(Database, clock);
        var (a, b, user) = (NewId("a"), NewId("b"), NewId("user"));
        NewTokenEntry Entry(string scope, string provider, string? model, double daysAgo) => Used(scope, 5) with
        {
            Provider = provider, Model = model, UserId = user, OccurredAt = clock.GetUtcNow().AddDays(-daysAgo), Cost = 0.000000000001m,
        };
        await agent.Tokens.LogAsync(
            [
                Entry(a, "p", "m", 0), Entry(a, "p", "m", 7), Entry(a, "p", "m", 7.001), Entry(a, "p", null, 1), Entry(a, "q", "m", 1),
                Entry(b, "p", "m", 1), Entry(b, "p", "m", 1),
            ],
            Cancellation);

        var week = await agent.Tokens.GetStatisticsAsync(query: new() { UserId = user }, cancellationToken: Cancellation);
        var day = await agent.Tokens.GetStatisticsAsync(1, new() { UserId = user, Scope = a, Provider = "q" }, Cancellation);

        Assert.Equal(
            [(a, "p", null, 1L), (a, "p", "m", 2L), (a, "q", "m", 1L), (b, "p", "m", 2L)],
            week.Select(s => (s.Scope, s.Provider, s.Model, s.Totals.Entries)));
        Assert.Equal((10L, 0.000000000002m), (week[1].Totals.Usage.Total, week[1].Totals.Costs["USD"]));
        Assert.Equal((a, "q"), (Assert.Single(day).Scope, day[0].Provider));
    }

    [Fact]
    public async Task Costs_add_up_exactly_far_beyond_what_a_64_bit_number_of_trillionths_holds()
    {
        var scope = NewId("scope");
        var costs = Enumerable.Range(0, 2_000).Select(i => 8_999_999.123456789012m + (i * 0.000000000001m)).ToList();
        await Tokens.LogAsync([.. costs.Select(c => Used(scope, 1_000_000_000_000) with { Cost = c, OccurredAt = At("2026-02-28T12:00:00Z") })], Cancellation);

        var totals = Assert.Single(await Tokens.GetDailyUsageAsync(Day, Day, new() { Scope = scope }, Cancellation)).Totals;

        Assert.Equal(costs.Sum(), totals.Costs["USD"]);
        Assert.Equal(2_000_000_000_000_000, totals.Usage.Total);
    }

    [Fact]
    public async Task A_range_or_a_number_of_days_that_cannot_be_is_refused()
    {
        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Tokens.GetDailyUsageAsync(Day, Day.AddDays(-1), null, Cancellation));
        Assert.Equal("lastDay", refused.ParamName);
        Assert.Equal(3_660, (await Tokens.GetDailyUsageAsync(Day, Day.AddDays(3_659), null, Cancellation)).Count);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Tokens.GetDailyUsageAsync(Day, Day.AddDays(3_660), null, Cancellation));
        refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Tokens.GetStatisticsAsync(0, null, Cancellation));
        Assert.Equal("days", refused.ParamName);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Tokens.GetStatisticsAsync(36_501, null, Cancellation));
        Assert.Empty(await Tokens.GetStatisticsAsync(36_500, new() { Scope = NewId("none") }, Cancellation));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
