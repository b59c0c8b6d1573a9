using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

/// <summary>Leases that are renewed, and leases that lapse.</summary>
public abstract class RollbackLeaseTests(TestDatabases databases) : JournalTests(databases)
{
    private static readonly Exception Refused = new TimeoutException("the bank is closed");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_lease_is_held_for_as_long_as_the_compensation_runs(bool inside)
    {
        var (id, runs) = ((await CompletedAsync()).Id, 0);
        var settings = new RollbackSettings { Lease = TimeSpan.FromSeconds(1.5), WaitForOther = TimeSpan.FromMinutes(1) };
        async Task CompensateAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref runs);
            await Task.Delay(TimeSpan.FromSeconds(4), ct);
        }

        var receipts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () => inside
                ? Journal.RollBackAsync(id, (_, _, ct) => CompensateAsync(ct), settings, Cancellation)
                : Journal.RollBackAsync(id, (_, ct) => CompensateAsync(ct), settings, Cancellation),
            Cancellation)));

        Assert.Equal((1, 1), (runs, receipts.Count(receipt => !receipt.AlreadyRolledBack)));
    }

    [Fact]
    public async Task A_lapsed_compensation_is_taken_over_and_its_zombie_stores_nothing()
    {
        var (id, clock) = ((await CompletedAsync()).Id, new ManualTimeProvider());
        await using var zombie = new Agent(Database, clock);
        await using var heir = new Agent(Database, new ManualTimeProvider(clock.GetUtcNow() + TimeSpan.FromMinutes(2)));
        Compensation? taken = null;

        var lost = await Assert.ThrowsAsync<LeaseLostException>(() => zombie.Transactions.RollBackAsync(
            id,
            async (_, ct) =>
            {
                var failure = await Assert.ThrowsAsync<TimeoutException>(() => heir.Transactions.RollBackAsync(
                    id,
                    (c, _) =>
                    {
                        taken = c;
                        throw Refused;
                    },
                    null,
                    ct));
                Assert.Same(Refused, failure);
            },
            null,
            Cancellation));

        Assert.Equal(("transaction", $"{id}", (2L, true)), (lost.Kind, lost.Key, (taken!.Epoch, taken.IsTakeover)));
        Assert.NotEqual(lost.Token, taken.Token);
        Assert.Equal((TransactionStatus.Completed, Refused.Message), ((await FindAsync(id)).Status, (await FindAsync(id)).RollbackError));
        Assert.False((await heir.Transactions.RollBackAsync(id, (_, _) => Task.CompletedTask, null, Cancellation)).AlreadyRolledBack);
    }

    [Fact]
    public async Task A_compensation_that_is_taken_over_is_told_to_stop()
    {
        var (key, settings) = (NewId("key"), new RollbackSettings { Lease = TimeSpan.FromSeconds(1.5) });
        var id = (await CompletedAsync(new() { IdempotencyKey = key })).Id;
        RollbackReceipt? heirs = null;

        var lost = await Assert.ThrowsAsync<LeaseLostException>(() => Journal.RollBackAsync(
            id,
            async (_, ct) =>
            {
                // As if this process had been frozen for longer than its lease.
                await Database.ExecuteAsync($"UPDATE agent_transactions SET rollback_lease_until = created_at WHERE idempotency_key = '{key}'");
                heirs = await Journal.RollBackAsync(id, (_, _) => Task.CompletedTask, null, CancellationToken.None);
                await Task.Delay(TimeSpan.FromMinutes(1), ct);
            },
            settings,
            Cancellation));

        Assert.IsAssignableFrom<OperationCanceledException>(lost.InnerException);
        Assert.Equal((false, 2L), (heirs!.AlreadyRolledBack, heirs.Transaction.RollbackAttempts));
        Assert.Equal(heirs.Transaction, await FindAsync(id));
    }

    [Fact]
    public async Task A_zombie_that_fails_does_not_give_back_what_is_anothers()
    {
        var (id, clock) = ((await CompletedAsync()).Id, new ManualTimeProvider());
        await using var zombie = new Agent(Database, clock);
        await using var heir = new Agent(Database, new ManualTimeProvider(clock.GetUtcNow() + TimeSpan.FromMinutes(2)));

        var receipt = await Task.Run(async () =>
        {
            var (claimed, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
            var late = zombie.Transactions.RollBackAsync(
                id,
                async (_, _) =>
                {
                    claimed.SetResult();
                    await ended.Task;
                    throw Refused;
                },
                null,
                Cancellation);
            await claimed.Task;
            return await heir.Transactions.RollBackAsync(
                id,
                async (_, _) =>
                {
                    ended.SetResult();
                    await Assert.ThrowsAsync<TimeoutException>(() => late);
                },
                null,
                Cancellation);
        });

        Assert.Equal((false, 2L, null), (receipt.AlreadyRolledBack, receipt.Transaction.RollbackAttempts, receipt.Transaction.RollbackError));
    }

    [Fact]
    public async Task What_a_crashed_compensation_left_can_be_marked_by_hand_and_its_zombie_stores_nothing()
    {
        var (id, clock) = ((await CompletedAsync()).Id, new ManualTimeProvider());
        await using var zombie = new Agent(Database, clock);
        await using var heir = new Agent(Database, new ManualTimeProvider(clock.GetUtcNow() + TimeSpan.FromMinutes(2)));

        await Assert.ThrowsAsync<LeaseLostException>(() => zombie.Transactions.RollBackAsync(
            id, (_, ct) => heir.Transactions.MarkRolledBackAsync(id, "by hand", ct), null, Cancellation));

        Assert.Equal("by hand", (await EntryAsync(id)).ErrorMessage);
    }
}
