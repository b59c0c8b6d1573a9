using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

public abstract class TokenBudgetConcurrencyTests(TestDatabases databases) : TokenTests(databases)
{
    [Fact]
    public async Task Two_hundred_callers_at_once_never_overspend_and_use_all_there_is()
    {
        var budget = await NewBudgetAsync(1_000);
        await using var other = new Agent(Database);

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            (i % 2 == 0 ? Tokens : other.Tokens).TryReserveAsync(Of(budget, 7), Cancellation)));

        Assert.Equal(1_000 / 7, results.Count(r => r.IsReserved));
        Assert.All(results, r => Assert.True(r.Budget.Used + r.Budget.Reserved <= 1_000));
        Assert.Equal((0m, 994m), await FiguresAsync(budget));
    }

    [Fact]
    public async Task Callers_that_reserve_settle_and_release_at_once_leave_what_they_used()
    {
        var budget = await NewBudgetAsync(500);
        await using var other = new Agent(Database);

        var used = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => SpendAsync(i % 2 == 0 ? Tokens : other.Tokens, budget, i))));

        Assert.Equal((used.Sum(), 0m), await FiguresAsync(budget));
        Assert.InRange(used.Sum(), 1, 500);
    }

    [Fact]
    public async Task Of_many_who_settle_or_release_one_reservation_at_once_one_counts()
    {
        var budget = await NewBudgetAsync(100);
        var reservation = await Tokens.ReserveAsync(Of(budget, 50), Cancellation);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            try
            {
                return (i % 5 == 0
                    ? await Tokens.ReleaseAsync(reservation.Id, Cancellation)
                    : await Tokens.SettleAsync(reservation.Id, i % 3, Cancellation)).Used;
            }
            catch (TokenReservationConflictException)
            {
                return null;
            }
        }));

        var won = Assert.Single(outcomes.OfType<decimal>().Distinct());
        Assert.Equal((won, 0m), await FiguresAsync(budget));
    }

    [Fact]
    public async Task One_id_given_by_many_at_once_takes_once()
    {
        var budget = await NewBudgetAsync(100);
        var request = Of(budget, 60) with { Id = Guid.CreateVersion7() };

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Tokens.TryReserveAsync(request, Cancellation)));

        Assert.All(results, r => Assert.True(r.IsReserved));
        Assert.Single(results, r => !r.Reservation!.AlreadyReserved);
        Assert.Equal((0m, 60m), await FiguresAsync(budget));
    }

    [Fact]
    public async Task What_expires_while_many_reserve_is_given_back_once()
    {
        var clock = new ManualTimeProvider();
        await using var agent = new Agent(Database, clock);
        var budget = await NewBudgetAsync(100, tokens: agent.Tokens);
        for (var i = 0; i < 10; i++)
        {
            await agent.Tokens.ReserveAsync(Of(budget, 10, TimeSpan.FromMinutes(1)), Cancellation);
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => agent.Tokens.TryReserveAsync(Of(budget, 3), Cancellation)));

        Assert.Equal(33, results.Count(r => r.IsReserved));
        Assert.Equal((0m, 99m), await FiguresAsync(budget, agent.Tokens));
    }

    private static async Task<decimal> SpendAsync(ITokenLedger tokens, TokenBudgetKey budget, int i)
    {
        var result = await tokens.TryReserveAsync(Of(budget, 10), Cancellation);
        if (!result.IsReserved)
        {
            return 0;
        }

        if (i % 4 == 0)
        {
            await tokens.ReleaseAsync(result.Reservation.Id, Cancellation);
            return 0;
        }

        return (await tokens.SettleAsync(result.Reservation.Id, i % 10, Cancellation)).Used!.Value;
    }
}
