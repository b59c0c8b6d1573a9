using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

/// <summary>Real usage payloads go through the ledger; what it adds up agrees with an independent library, to the last token and digit.</summary>
public abstract class UsagePayloadTests(TestDatabases databases) : TokenTests(databases)
{
    [Fact]
    public async Task What_789_real_calls_used_and_cost_adds_up_to_what_an_independent_library_says()
    {
        if (UsageData.Payloads is not { } payloads)
        {
            TestContext.Current.TestOutputHelper?.WriteLine("usages.json is absent; nothing is compared.");
            return;
        }

        await using var agent = new Agent(Database, configure: o => o.Tokens.Pricing = UsageData.Price);
        var scope = NewId("scope");
        var entries = await agent.Tokens.LogAsync([.. payloads.Select((p, i) => Entry(p, scope, i))], Cancellation);
        var statistics = await agent.Tokens.GetStatisticsAsync(36_500, new() { Scope = scope }, Cancellation);
        var day = DateOnly.FromDateTime(UsageData.PricedAt.UtcDateTime);
        var total = Assert.Single(await agent.Tokens.GetDailyUsageAsync(day, day, new() { Scope = scope }, Cancellation)).Totals;

        Assert.Equal(789, entries.Count);
        Assert.All(entries.Zip(payloads), e => Assert.Equal(Expected(e.Second), e.First.Usage));
        Assert.All(entries.Zip(payloads), e => Assert.Equal(e.Second.Price, e.First.Cost));
        Assert.Equal((789L, Sum(payloads.Select(Expected))), (total.Entries, total.Usage));
        Assert.Equal(payloads.Sum(p => p.Price ?? 0), total.Costs["USD"]);
        Assert.Equal(payloads.Count(p => p.Price is null), total.EntriesWithoutCost);
        foreach (var group in payloads.GroupBy(p => (p.Provider, p.Model)))
        {
            var sums = Assert.Single(statistics, s => (s.Provider, s.Model) == group.Key).Totals;
            Assert.Equal((group.LongCount(), Sum(group.Select(Expected))), (sums.Entries, sums.Usage));
            Assert.Equal(group.Sum(p => p.Price ?? 0), sums.Costs.GetValueOrDefault("USD"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{total.Entries} calls: {total.Usage}, {total.Costs["USD"]} USD; {payloads.Count(p => p.IsPricedByBuckets)} priced by their buckets, "
            + $"{payloads.Count(p => p.Price is not null && !p.IsPricedByBuckets)} by the caller, {total.EntriesWithoutCost} without a price.");
        Assert.True(payloads.Count(p => p.IsPricedByBuckets) > 500);
    }

    // Audio and images have rates of their own, so there the caller states the cost.
    private static NewTokenEntry Entry(UsagePayload payload, string scope, int call) => new()
    {
        Scope = scope,
        Provider = payload.Provider,
        Model = payload.Model,
        Usage = TokenUsage.FromPayload(payload.Body),
        RunId = scope,
        CallId = $"{call}",
        OccurredAt = UsageData.PricedAt,
        Cost = payload.IsPricedByBuckets ? null : payload.Price,
    };

    private static TokenUsage Expected(UsagePayload payload) => payload.Buckets with
    {
        Input = payload.Buckets.Input - payload.Unread,
        CacheRead = payload.Buckets.CacheRead + payload.Unread,
    };

    private static TokenUsage Sum(IEnumerable<TokenUsage> usages) => usages.Aggregate(new TokenUsage(), (a, b) => new()
    {
        Input = a.Input + b.Input,
        CacheRead = a.CacheRead + b.CacheRead,
        CacheWrite = a.CacheWrite + b.CacheWrite,
        Output = a.Output + b.Output,
        Reasoning = a.Reasoning + b.Reasoning,
    });
}
