using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

public abstract class TokenTransactionTests(TestDatabases databases) : TokenTests(databases)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_transaction_writes_is_there_if_it_commits_and_only_then(bool commits)
    {
        var (budget, scope) = (await NewBudgetAsync(100), NewId("scope"));
        var settled = await Tokens.ReserveAsync(Of(budget, 30), Cancellation);
        var released = await Tokens.ReserveAsync(Of(budget, 20), Cancellation);
        var made = budget with { Period = TokenBudgetPeriod.Day };
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Tokens;
            var logged = await inside.LogAsync(Used(scope, 5), Cancellation);
            await inside.LogAsync([Used(scope), Used(scope)], Cancellation);
            await inside.SettleAsync(settled.Id, 31, Cancellation);
            await inside.ReleaseAsync(released.Id, Cancellation);
            Assert.True((await inside.TryReserveAsync(Of(budget, 69), Cancellation)).IsReserved);
            Assert.False((await inside.TryReserveAsync(Of(budget, 1), Cancellation)).IsReserved);
            await inside.SetBudgetAsync(made, 5, Cancellation);
            Assert.Equal(logged, await inside.FindAsync(logged.Id, Cancellation));
            Assert.Equal(3, (await inside.QueryAsync(new() { Scope = scope }, Cancellation)).Count);
            await (commits ? transaction.CommitAsync(Cancellation) : Task.CompletedTask);
        }

        Assert.Equal(commits ? 3 : 0, (await Tokens.QueryAsync(new() { Scope = scope }, Cancellation)).Count);
        Assert.Equal(commits ? (31m, 69m) : (0m, 50m), await FiguresAsync(budget));
        Assert.Equal(commits, await Tokens.FindBudgetAsync(made, Cancellation) is not null);
    }

    [Fact]
    public async Task An_expected_refusal_leaves_the_transaction_usable()
    {
        var (budget, scope, run) = (await NewBudgetAsync(100), NewId("scope"), NewId("run"));
        var known = Used(scope) with { RunId = run, CallId = "known" };
        var first = await Tokens.LogAsync(known, Cancellation);
        var ended = await Tokens.ReserveAsync(Of(budget, 1), Cancellation);
        await Tokens.ReleaseAsync(ended.Id, Cancellation);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var inside = transaction.Tokens;
            Assert.Equal(first with { AlreadyLogged = true }, await inside.LogAsync(known, Cancellation));
            await Assert.ThrowsAsync<TokenEntryConflictException>(() => inside.LogAsync([Used(scope), known with { Model = "x" }], Cancellation));
            await Assert.ThrowsAsync<TokenBudgetExceededException>(() => inside.ReserveAsync(Of(budget, 101), Cancellation));
            await Assert.ThrowsAsync<TokenBudgetNotFoundException>(() => inside.ReserveAsync(Of(budget with { Currency = "USD" }, 1), Cancellation));
            await Assert.ThrowsAsync<TokenReservationConflictException>(() => inside.SettleAsync(ended.Id, 1, Cancellation));
            await Assert.ThrowsAsync<TokenReservationNotFoundException>(() => inside.ReleaseAsync(Guid.CreateVersion7(), Cancellation));
            await Assert.ThrowsAsync<TokenReservationConflictException>(() => inside.TryReserveAsync(Of(budget, 2) with { Id = ended.Id }, Cancellation));
            await inside.LogAsync(Used(scope, 7), Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal([7L, 1L], (await Tokens.QueryAsync(new() { Scope = scope }, Cancellation)).Select(e => e.Usage.Total));
        Assert.Equal((0m, 0m), await FiguresAsync(budget));
    }

    [Fact]
    public async Task A_hosts_own_transaction_settles_together_with_its_rows()
    {
        var budget = await NewBudgetAsync(100);
        var reservation = await Tokens.ReserveAsync(Of(budget, 30), Cancellation);
        foreach (var commits in new[] { false, true })
        {
            await using var connection = await Database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using (var enlisted = Agent.Database.Enlist(transaction))
            {
                await enlisted.Tokens.SettleAsync(reservation.Id, 12, Cancellation);
                await enlisted.Tokens.LogAsync(Used(budget.Scope, 12) with { RunId = budget.Scope, CallId = "c" }, Cancellation);
            }

            await (commits ? transaction.CommitAsync(Cancellation) : transaction.RollbackAsync(Cancellation));
            await connection.CloseAsync();
            Assert.Equal(commits ? (12m, 0m) : (0m, 30m), await FiguresAsync(budget));
            Assert.Equal(commits, await Tokens.FindAsync(budget.Scope, "c", cancellationToken: Cancellation) is not null);
        }
    }
}
