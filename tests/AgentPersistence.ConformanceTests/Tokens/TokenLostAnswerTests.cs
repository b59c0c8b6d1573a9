using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class TokenLostAnswerTests(TestDatabases databases) : TokenTests(databases)
{
    [Fact]
    public async Task A_logged_call_whose_answer_was_lost_is_logged_once_and_is_this_calls_own()
    {
        var scope = NewId("ghost");
        var lost = Proxy.LoseNextAnswerTo(scope);

        var logged = await BehindProxy.Tokens.LogAsync(Used(scope) with { RunId = scope, CallId = "c" }, Cancellation);
        await lost;
        lost = Proxy.LoseNextAnswerToCommit();
        var many = await BehindProxy.Tokens.LogAsync([Used(scope) with { RunId = scope, CallId = "d" }, Used(scope)], Cancellation);
        await lost;

        Assert.All([logged, .. many], e => Assert.False(e.AlreadyLogged));
        Assert.Equal(3, (await Tokens.QueryAsync(new() { Scope = scope }, Cancellation)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reservation_whose_answer_or_request_was_lost_takes_once(bool answer)
    {
        var budget = await NewBudgetAsync(100);
        var lost = answer ? Proxy.LoseNextAnswerTo(budget.Scope) : Proxy.LoseNextRequestWith(budget.Scope);

        var result = await BehindProxy.Tokens.TryReserveAsync(Of(budget, 60), Cancellation);

        await lost;
        Assert.True(result.IsReserved);
        Assert.False(result.Reservation.AlreadyReserved);
        Assert.Equal((0m, 60m), await FiguresAsync(budget));
        Assert.Equal(result.Reservation, await Tokens.FindReservationAsync(result.Reservation.Id, Cancellation));
    }

    [Fact]
    public async Task A_reservation_that_took_the_rest_is_not_refused_after_its_answer_was_lost()
    {
        var budget = await NewBudgetAsync(100);
        var lost = Proxy.LoseNextAnswerTo(budget.Scope);

        Assert.True((await BehindProxy.Tokens.TryReserveAsync(Of(budget, 100), Cancellation)).IsReserved);

        await lost;
        Assert.False((await BehindProxy.Tokens.TryReserveAsync(Of(budget, 1), Cancellation)).IsReserved);
    }

    [Fact]
    public async Task A_settlement_and_a_release_whose_answers_were_lost_count_once()
    {
        var budget = await NewBudgetAsync(100);
        var settled = await Tokens.ReserveAsync(Of(budget, 60), Cancellation);
        var released = await Tokens.ReserveAsync(Of(budget, 30), Cancellation);

        var lost = Proxy.LoseNextAnswerTo("settled");
        Assert.Equal(55, (await BehindProxy.Tokens.SettleAsync(settled.Id, 55, Cancellation)).Used);
        await lost;
        lost = Proxy.LoseNextAnswerTo("released");
        Assert.Equal(TokenReservationState.Released, (await BehindProxy.Tokens.ReleaseAsync(released.Id, Cancellation)).State);
        await lost;

        Assert.Equal((55m, 0m), await FiguresAsync(budget));
    }

    [Fact]
    public async Task A_limit_whose_answer_was_lost_is_set()
    {
        var budget = new TokenBudgetKey(NewId("ghost"), TokenBudgetPeriod.Day);
        var lost = Proxy.LoseNextAnswerTo(budget.Scope);

        var set = await BehindProxy.Tokens.SetBudgetAsync(budget, 5, Cancellation);

        await lost;
        Assert.Equal(set, await Tokens.FindBudgetAsync(budget, Cancellation));
        lost = Proxy.LoseNextAnswerTo(budget.Scope);
        Assert.True(await BehindProxy.Tokens.DeleteBudgetAsync(budget, Cancellation));
        await lost;
    }
}
