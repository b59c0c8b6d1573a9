using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

/// <summary>A budget that somebody's open transaction holds keeps up those who need it, and nobody else.</summary>
public abstract class TokenBudgetHeldTests(TestDatabases databases) : TokenTests(databases)
{
    private const int Connections = 30;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task However_many_wait_for_a_held_budget_connections_are_left_for_everything_else()
    {
        await using var agent = new Agent(Database.Kind, $"{Database.ConnectionString};Maximum Pool Size={Connections}");
        var (budget, other) = (await NewBudgetAsync(1_000), await NewBudgetAsync(1_000));
        var open = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => agent.Tokens.ReserveAsync(Of(budget, 1), Cancellation)));
        List<Task> waiting;
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Tokens.ReserveAsync(Of(budget, 900), Cancellation);
            waiting =
            [
                .. Enumerable.Range(0, 150).Select(_ => agent.Tokens.TryReserveAsync(Of(budget, 1), Cancellation)),
                .. open.Select(r => agent.Tokens.SettleAsync(r.Id, 2, Cancellation)),
            ];

            // Whoever has just come finds out that it has to wait.
            await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
            for (var i = 0; i < 20; i++)
            {
                var reserved = await agent.Tokens.ReserveAsync(Of(other, 1), Cancellation).WaitAsync(Soon, Cancellation);
                await agent.Tokens.SettleAsync(reserved.Id, 1, Cancellation).WaitAsync(Soon, Cancellation);
            }

            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => agent.Tokens.FindBudgetAsync(other, Cancellation))).WaitAsync(Soon, Cancellation);
            Assert.All(waiting, w => Assert.False(w.IsCompleted));
            await transaction.CommitAsync(Cancellation);
        }

        await Task.WhenAll(waiting).WaitAsync(Soon, Cancellation);
        var (used, held) = await FiguresAsync(budget);
        Assert.Equal(80, used);
        Assert.InRange(held, 900, 960);
    }

    [Fact]
    public async Task Who_waits_can_be_cancelled_and_who_waits_too_long_is_told_so()
    {
        await using var impatient = new Agent(Database, configure: o => o.RetryTimeout = TimeSpan.FromSeconds(1));
        var budget = await NewBudgetAsync(10);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(600));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Tokens.ReserveAsync(Of(budget, 5), Cancellation);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Tokens.TryReserveAsync(Of(budget, 1), cancellation.Token));
            var refused = await Assert.ThrowsAsync<AgentPersistenceException>(() => impatient.Tokens.TryReserveAsync(Of(budget, 1), Cancellation));
            Assert.Contains("nothing was stored", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal((0m, 0m), await FiguresAsync(budget));
        Assert.True((await impatient.Tokens.TryReserveAsync(Of(budget, 10), Cancellation)).IsReserved);
    }
}
