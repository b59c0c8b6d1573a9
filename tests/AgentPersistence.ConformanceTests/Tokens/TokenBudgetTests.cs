using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

public abstract class TokenBudgetTests(TestDatabases databases) : TokenTests(databases)
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 31, 23, 30, 0, TimeSpan.Zero));
    private Agent _agent = null!;

    private ITokenLedger Timed => _agent.Tokens;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _agent = new Agent(Database, _clock);
    }

    public override async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_fits_is_reserved_and_what_does_not_is_told_what_is_left()
    {
        var budget = await NewBudgetAsync(100);

        var first = await Tokens.TryReserveAsync(Of(budget, 60), Cancellation);
        var second = await Tokens.TryReserveAsync(Of(budget, 41), Cancellation);
        var third = await Tokens.ReserveAsync(Of(budget, 40), Cancellation);

        Assert.True(first.IsReserved);
        var taken = first.Reservation;
        Assert.Equal((60m, TokenReservationState.Open, null, false), (taken.Amount, taken.State, taken.Used, taken.AlreadyReserved));
        Assert.Equal(taken, await Tokens.FindReservationAsync(taken.Id, Cancellation));
        Assert.False(second.IsReserved);
        Assert.Null(second.Reservation);
        Assert.Equal((100m, 0m, 60m, 40m), (second.Budget.Limit, second.Budget.Used, second.Budget.Reserved, second.Budget.Available));
        Assert.Equal(budget, third.Budget);
        var exceeded = await Assert.ThrowsAsync<TokenBudgetExceededException>(() => Tokens.ReserveAsync(Of(budget, 1), Cancellation));
        Assert.Equal((1m, 0m), (exceeded.Requested, exceeded.Budget.Available));
        var missing = budget with { Period = TokenBudgetPeriod.Day };
        Assert.Equal(missing, (await Assert.ThrowsAsync<TokenBudgetNotFoundException>(() => Tokens.ReserveAsync(Of(missing, 1), Cancellation))).Budget);
    }

    [Fact]
    public async Task A_settled_reservation_counts_what_was_used_even_above_the_limit_once()
    {
        var budget = await NewBudgetAsync(100);
        var reservation = await Tokens.ReserveAsync(Of(budget, 60), Cancellation);

        var settled = await Tokens.SettleAsync(reservation.Id, 130, Cancellation);
        var again = await Tokens.SettleAsync(reservation.Id, 130, Cancellation);

        Assert.Equal(reservation with { State = TokenReservationState.Settled, Used = 130 }, settled);
        Assert.Equal(settled, again);
        Assert.Equal((130m, 0m), await FiguresAsync(budget));
        Assert.Equal(0, (await Tokens.FindBudgetAsync(budget, Cancellation))!.Available);
        var conflict = await Assert.ThrowsAsync<TokenReservationConflictException>(() => Tokens.SettleAsync(reservation.Id, 131, Cancellation));
        Assert.Equal((reservation.Id, TokenReservationState.Settled), (conflict.ReservationId, conflict.State));
        await Assert.ThrowsAsync<TokenReservationConflictException>(() => Tokens.ReleaseAsync(reservation.Id, Cancellation));
        Assert.Equal((130m, 0m), await FiguresAsync(budget));
        Assert.False((await Tokens.TryReserveAsync(Of(budget, 1), Cancellation)).IsReserved);
        await Assert.ThrowsAsync<TokenReservationNotFoundException>(() => Tokens.SettleAsync(Guid.CreateVersion7(), 1, Cancellation));
    }

    [Fact]
    public async Task A_released_reservation_gives_back_all_of_it_once()
    {
        var budget = await NewBudgetAsync(100);
        var (kept, released) = (await Tokens.ReserveAsync(Of(budget, 30), Cancellation), await Tokens.ReserveAsync(Of(budget, 60), Cancellation));

        var first = await Tokens.ReleaseAsync(released.Id, Cancellation);
        var again = await Tokens.ReleaseAsync(released.Id, Cancellation);

        Assert.Equal(released with { State = TokenReservationState.Released, Used = 0 }, first);
        Assert.Equal(first, again);
        Assert.Equal((0m, 30m), await FiguresAsync(budget));
        var conflict = await Assert.ThrowsAsync<TokenReservationConflictException>(() => Tokens.SettleAsync(released.Id, 0, Cancellation));
        Assert.Equal(TokenReservationState.Released, conflict.State);
        await Assert.ThrowsAsync<TokenReservationNotFoundException>(() => Tokens.ReleaseAsync(Guid.CreateVersion7(), Cancellation));
        Assert.Equal(TokenReservationState.Open, (await Tokens.FindReservationAsync(kept.Id, Cancellation))!.State);
    }

    [Fact]
    public async Task An_expired_reservation_gives_back_and_can_still_be_settled_or_released_once()
    {
        var budget = await NewBudgetAsync(100, tokens: Timed);
        var reservations = new List<TokenReservation>();
        for (var i = 0; i < 4; i++)
        {
            reservations.Add(await Timed.ReserveAsync(Of(budget, 25, TimeSpan.FromMinutes(i < 3 ? 5 : 9)), Cancellation));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((0m, 25m), await FiguresAsync(budget, Timed));
        Assert.Equal(TokenReservationState.Expired, (await Timed.FindReservationAsync(reservations[0].Id, Cancellation))!.State);

        // The first is settled before anybody has given it back, the others after.
        await Timed.SettleAsync(reservations[0].Id, 10, Cancellation);
        Assert.Equal((10m, 25m), await FiguresAsync(budget, Timed));
        var next = await Timed.ReserveAsync(Of(budget, 65), Cancellation);
        Assert.Equal((10m, 90m), await FiguresAsync(budget, Timed));
        await Timed.SettleAsync(reservations[1].Id, 20, Cancellation);
        await Timed.SettleAsync(reservations[1].Id, 20, Cancellation);
        await Timed.ReleaseAsync(reservations[2].Id, Cancellation);

        Assert.Equal((30m, 90m), await FiguresAsync(budget, Timed));
        await Timed.ReleaseAsync(next.Id, Cancellation);
        await Timed.SettleAsync(reservations[3].Id, 25, Cancellation);
        Assert.Equal((55m, 0m), await FiguresAsync(budget, Timed));
    }

    [Fact]
    public async Task The_same_id_takes_once()
    {
        var budget = await NewBudgetAsync(100, tokens: Timed);
        var other = await NewBudgetAsync(100, tokens: Timed);
        var request = Of(budget, 60, TimeSpan.FromMinutes(5)) with { Id = Guid.CreateVersion7() };

        var first = await Timed.ReserveAsync(request, Cancellation);
        var again = await Timed.TryReserveAsync(request, Cancellation);

        Assert.Equal(request.Id, first.Id);
        Assert.Equal(first with { AlreadyReserved = true }, again.Reservation);
        Assert.True(again.IsReserved);
        Assert.Equal((0m, 60m), await FiguresAsync(budget, Timed));
        await Assert.ThrowsAsync<TokenReservationConflictException>(() => Timed.TryReserveAsync(request with { Amount = 59 }, Cancellation));
        await Assert.ThrowsAsync<TokenReservationConflictException>(() => Timed.TryReserveAsync(request with { Budget = other }, Cancellation));
        Assert.Equal((0m, 0m), await FiguresAsync(other, Timed));

        _clock.Advance(TimeSpan.FromMinutes(5));
        var late = await Timed.TryReserveAsync(request, Cancellation);
        Assert.Equal((false, TokenReservationState.Expired), (late.IsReserved, late.Reservation!.State));
        await Assert.ThrowsAsync<TokenReservationConflictException>(() => Timed.ReserveAsync(request, Cancellation));
        Assert.Equal((0m, 0m), await FiguresAsync(budget, Timed));
    }

    [Theory]
    [InlineData(TokenBudgetPeriod.Hour, "2026-03-31T23:00", "2026-04-01T00:00")]
    [InlineData(TokenBudgetPeriod.Day, "2026-03-31T00:00", "2026-04-01T00:00")]
    [InlineData(TokenBudgetPeriod.Week, "2026-03-30T00:00", "2026-04-06T00:00")]
    [InlineData(TokenBudgetPeriod.Month, "2026-03-01T00:00", "2026-04-01T00:00")]
    [InlineData(TokenBudgetPeriod.Total, "2026-03-31T23:30", null)]
    public async Task A_new_period_begins_at_zero_and_keeps_what_is_still_reserved(TokenBudgetPeriod period, string start, string? end)
    {
        var budget = await NewBudgetAsync(100, period, tokens: Timed);
        await Timed.SettleAsync((await Timed.ReserveAsync(Of(budget, 50), Cancellation)).Id, 50, Cancellation);
        var open = await Timed.ReserveAsync(Of(budget, 40, TimeSpan.FromDays(7)), Cancellation);
        var before = (await Timed.FindBudgetAsync(budget, Cancellation))!;
        Assert.Equal((Utc(start), end is null ? null : Utc(end)), (before.PeriodStart, before.PeriodEnd));

        _clock.Advance((before.PeriodEnd ?? _clock.GetUtcNow().AddYears(1)) - _clock.GetUtcNow() - TimeSpan.FromMicroseconds(1));
        Assert.Equal(50, (await Timed.FindBudgetAsync(budget, Cancellation))!.Used);
        _clock.Advance(TimeSpan.FromMicroseconds(1));
        var after = (await Timed.FindBudgetAsync(budget, Cancellation))!;
        await Timed.SettleAsync(open.Id, 10, Cancellation);

        var (used, reserved) = period == TokenBudgetPeriod.Total ? (50m, 0m) : (0m, 40m);
        Assert.Equal((used, reserved, before.PeriodEnd ?? before.PeriodStart), (after.Used, after.Reserved, after.PeriodStart));
        Assert.Equal((used + 10, 0m), await FiguresAsync(budget, Timed));
        Assert.True((await Timed.TryReserveAsync(Of(budget, 90 - used), Cancellation)).IsReserved);
        Assert.False((await Timed.TryReserveAsync(Of(budget, 1), Cancellation)).IsReserved);
    }

    [Fact]
    public async Task A_scope_has_budgets_by_period_and_unit_and_a_limit_can_be_changed()
    {
        var tokens = await NewBudgetAsync(100, TokenBudgetPeriod.Day);
        var money = tokens with { Currency = "EUR" };
        await Tokens.ReserveAsync(Of(tokens, 80), Cancellation);
        var set = await Tokens.SetBudgetAsync(money, 0.000000001m, Cancellation);
        var lower = await Tokens.SetBudgetAsync(tokens, 50, Cancellation);

        Assert.Equal((0.000000001m, 0m, money), (set.Limit, set.Used, set.Key));
        Assert.Equal((50m, 80m, 0m), (lower.Limit, lower.Reserved, lower.Available));
        Assert.False((await Tokens.TryReserveAsync(Of(tokens, 1), Cancellation)).IsReserved);
        Assert.True((await Tokens.TryReserveAsync(Of(money, 0.0000000001m), Cancellation)).IsReserved);
        Assert.Equal((0m, 0.000000001m), await FiguresAsync(money));
        Assert.Equal([money, tokens], (await Tokens.QueryBudgetsAsync(new() { Scope = tokens.Scope }, Cancellation)).Select(b => b.Key));
        Assert.True(await Tokens.DeleteBudgetAsync(tokens, Cancellation));
        Assert.False(await Tokens.DeleteBudgetAsync(tokens, Cancellation));
        Assert.Null(await Tokens.FindBudgetAsync(tokens, Cancellation));
    }

    [Fact]
    public async Task Budgets_are_read_page_by_page()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        string[] scopes = ["b", "a", "\u00E4", "B"];
        string?[] currencies = [null, "USD", "EUR"];
        var keys = (from s in scopes from p in Enum.GetValues<TokenBudgetPeriod>() from c in currencies select new TokenBudgetKey(s, p, c)).ToList();
        foreach (var key in keys)
        {
            await agent.Tokens.SetBudgetAsync(key, 1, Cancellation);
        }

        var read = new List<TokenBudget>();
        while (await agent.Tokens.QueryBudgetsAsync(new() { After = read.LastOrDefault(), Limit = 7 }, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(60, read.Count);
        Assert.Equal(keys.ToHashSet(), read.Select(b => b.Key).ToHashSet());
        Assert.Equal(read.OrderBy(b => b.Key.Scope, StringComparer.Ordinal).Select(b => b.Key.Scope), read.Select(b => b.Key.Scope));
    }

    [Fact]
    public async Task Money_is_counted_in_billionths_rounded_up()
    {
        var budget = await NewBudgetAsync(1, currency: "USD");
        var reservation = await Tokens.ReserveAsync(Of(budget, 0.1234567891m), Cancellation);

        Assert.Equal(0.123456790m, reservation.Amount);
        Assert.Equal(0.000000001m, (await Tokens.SettleAsync(reservation.Id, 0.000000000001m, Cancellation)).Used);
        Assert.Equal((0.000000001m, 0m), await FiguresAsync(budget));
        Assert.Equal("used", (await RefusedAsync(() => Tokens.SettleAsync(reservation.Id, -1, Cancellation))).ParamName);
        Assert.Equal("used", (await RefusedAsync(() => Tokens.SettleAsync(reservation.Id, 1_000_000_001, Cancellation))).ParamName);
        Assert.Equal("limit", (await RefusedAsync(() => Tokens.SetBudgetAsync(budget, 0.0000000001m, Cancellation))).ParamName);
    }

    [Fact]
    public async Task Figures_that_cannot_be_do_not_break_a_budget()
    {
        const decimal Most = 1_000_000_000;
        var budget = await NewBudgetAsync(Most, currency: "EUR");
        var open = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Tokens.ReserveAsync(Of(budget, 1), Cancellation)));

        foreach (var reservation in open)
        {
            await Tokens.SettleAsync(reservation.Id, Most, Cancellation);
        }

        var found = (await Tokens.FindBudgetAsync(budget, Cancellation))!;
        Assert.Equal((5 * Most, 0m, 0m), (found.Used, found.Reserved, found.Available));
        Assert.False((await Tokens.TryReserveAsync(Of(budget, 1), Cancellation)).IsReserved);
    }

    [Fact]
    public async Task Tokens_are_whole_and_amounts_have_bounds()
    {
        var budget = await NewBudgetAsync(1_000_000_000_000_000);
        var reservation = await Tokens.ReserveAsync(Of(budget, 1_000_000_000_000_000), Cancellation);

        foreach (var amount in new[] { 0, -1, 0.5m, 1_000_000_000_000_001 })
        {
            Assert.Equal("Amount", (await RefusedAsync(() => Tokens.TryReserveAsync(Of(budget, amount), Cancellation))).ParamName);
        }

        foreach (var used in new[] { -1, 0.5m, 1_000_000_000_000_001 })
        {
            Assert.Equal("used", (await RefusedAsync(() => Tokens.SettleAsync(reservation.Id, used, Cancellation))).ParamName);
        }

        foreach (var limit in new[] { -1, 0.5m, 1_000_000_000_000_001 })
        {
            Assert.Equal("limit", (await RefusedAsync(() => Tokens.SetBudgetAsync(budget, limit, Cancellation))).ParamName);
        }

        Assert.Equal("Currency", (await RefusedAsync(() => Tokens.SetBudgetAsync(budget with { Currency = "usd" }, 1, Cancellation))).ParamName);
        Assert.Equal("Period", (await RefusedAsync(() => Tokens.FindBudgetAsync(budget with { Period = (TokenBudgetPeriod)9 }, Cancellation))).ParamName);
        Assert.Equal("TimeToLive", (await RefusedAsync(() => Tokens.TryReserveAsync(Of(budget, 1, TimeSpan.Zero), Cancellation))).ParamName);
        Assert.Equal((0m, 1_000_000_000_000_000m), await FiguresAsync(budget));
        Assert.Equal(TokenReservationState.Open, (await Tokens.FindReservationAsync(reservation.Id, Cancellation))!.State);
    }

    [Fact]
    public async Task The_database_refuses_to_give_back_twice()
    {
        var budget = await NewBudgetAsync(100);

        var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => Database.ExecuteAsync($"UPDATE agent_token_budgets SET reserved_amount = -1 WHERE scope = '{budget.Scope}'"));

        Assert.Contains("ck_agent_token_budgets_amounts", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<ArgumentException> RefusedAsync(Func<Task> call) => await Assert.ThrowsAnyAsync<ArgumentException>(call);

    private static DateTimeOffset Utc(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
}
