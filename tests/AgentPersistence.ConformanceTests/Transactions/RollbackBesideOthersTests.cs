using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

/// <summary>Compensations in transactions that are open while others write.</summary>
public abstract class RollbackBesideOthersTests(TestDatabases databases) : JournalTests(databases)
{
    [Fact]
    public async Task A_zombie_inside_a_transaction_stores_nothing_of_what_it_wrote()
    {
        var (id, clock) = ((await CompletedAsync()).Id, new ManualTimeProvider());
        await using var zombie = new Agent(Database, clock);
        await using var heir = new Agent(Database, new ManualTimeProvider(clock.GetUtcNow() + TimeSpan.FromMinutes(2)));

        await Assert.ThrowsAsync<LeaseLostException>(() => zombie.Transactions.RollBackAsync(
            id,
            async (c, t, ct) =>
            {
                await UndoAsync(c, t, ct);
                Assert.False((await heir.Transactions.RollBackAsync(id, UndoAsync, null, ct)).AlreadyRolledBack);
            },
            null,
            Cancellation));

        Assert.Equal((1L, 2L), (await UndoneAsync(id), (await FindAsync(id)).RollbackAttempts));
    }

    [Fact]
    public async Task Whoever_rolls_back_waits_for_the_transaction_that_completes()
    {
        var begun = await BegunAsync();
        await using var transaction = await Agent.Database.BeginTransactionAsync(Cancellation);
        await transaction.Transactions.CompleteAsync(begun.Id, new() { RollbackData = Json("\"booking 12\"") }, Cancellation);

        var rollingBack = Journal.RollBackAsync(
            begun.Id,
            (c, _) =>
            {
                Assert.Equal("\"booking 12\"", c.Transaction.RollbackData?.GetRawText());
                return Task.CompletedTask;
            },
            null,
            Cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        Assert.False(rollingBack.IsCompleted);
        await transaction.CommitAsync(Cancellation);

        Assert.False((await rollingBack).AlreadyRolledBack);
    }
}
