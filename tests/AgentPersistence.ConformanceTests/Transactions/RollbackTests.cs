using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

public abstract class RollbackTests(TestDatabases databases) : JournalTests(databases)
{
    private static readonly RollbackSettings Patient = new() { WaitForOther = TimeSpan.FromMinutes(1) };
    private static readonly Exception Refused = new TimeoutException("the bank is closed");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_fifty_who_roll_back_one_transaction_one_runs_its_compensation(bool inside)
    {
        var (id, runs) = ((await CompletedAsync()).Id, 0);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            () => RollBackAsync(Journal, id, inside, () => Interlocked.Increment(ref runs), Patient), Cancellation)));

        Assert.Equal(1, runs);
        Assert.Single(receipts, receipt => !receipt.AlreadyRolledBack);
        Assert.Equal(inside ? 1 : 0, await UndoneAsync(id));
        var stored = await FindAsync(id);
        Assert.All(receipts, receipt => Assert.Equal(stored, receipt.Transaction));
        Assert.Equal((TransactionStatus.RolledBack, 1L, null), (stored.Status, stored.RollbackAttempts, stored.RollbackLeaseUntil));
        Assert.True(stored.RolledBackAt >= stored.SettledAt);
    }

    [Fact]
    public async Task A_compensation_gets_all_that_it_needs_under_a_key_that_is_the_same_in_every_attempt()
    {
        var given = new NewTransaction { RunId = NewId("run"), IdempotencyKey = NewId("key"), StepKey = "pay", RollbackData = Json("[1.50]") };
        var completed = await CompletedAsync(given);
        var attempts = new List<Compensation>();
        Task Attempt(Compensation compensation)
        {
            attempts.Add(compensation);
            return attempts.Count < 3 ? throw Refused : Task.CompletedTask;
        }

        await Assert.ThrowsAsync<TimeoutException>(() => Journal.RollBackAsync(completed.Id, (c, _) => Attempt(c), null, Cancellation));
        await Assert.ThrowsAsync<TimeoutException>(() => Journal.RollBackAsync(completed.Id, (c, _, _) => Attempt(c), null, Cancellation));
        await Journal.RollBackAsync(completed.Id, (c, _) => Attempt(c), null, Cancellation);

        Assert.Equal([1L, 2L, 3L], attempts.Select(a => a.Epoch));
        Assert.Equal([$"undo:{completed.Id}"], attempts.Select(a => a.IdempotencyKey).Distinct());
        Assert.Equal(3, attempts.Select(a => a.Token).Distinct().Count());
        Assert.All(attempts, a => Assert.False(a.IsTakeover));
        Assert.All(attempts, a => Assert.Equal(
            (completed.Id, given.IdempotencyKey, given.StepKey, "[1.50]", TransactionStatus.Completed),
            (a.Transaction.Id, a.Transaction.IdempotencyKey, a.Transaction.StepKey, a.Transaction.RollbackData?.GetRawText(), a.Transaction.Status)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compensation_that_throws_leaves_the_transaction_as_it_was_and_says_why(bool inside)
    {
        var begun = await BegunAsync();

        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => RollBackAsync(Journal, begun.Id, inside, () => throw Refused));
        var left = await FindAsync(begun.Id);
        var completed = await Journal.CompleteAsync(begun.Id, cancellationToken: Cancellation);
        var receipt = await RollBackAsync(Journal, begun.Id, inside, () => { });

        Assert.Same(Refused, thrown);
        Assert.Equal(begun with { RollbackAttempts = 1, RollbackError = Refused.Message }, left);
        Assert.Equal(TransactionStatus.Completed, completed.Status);
        Assert.Equal((false, 2L, null), (receipt.AlreadyRolledBack, receipt.Transaction.RollbackAttempts, receipt.Transaction.RollbackError));
        Assert.Equal(inside ? 1 : 0, await UndoneAsync(begun.Id));
    }

    [Fact]
    public async Task While_a_compensation_runs_nobody_else_moves_the_transaction()
    {
        var begun = await BegunAsync();

        await Journal.RollBackAsync(
            begun.Id,
            async (_, ct) =>
            {
                var other = await Assert.ThrowsAsync<RollbackInFlightException>(() => RollBackAsync(Journal, begun.Id, false, () => { }));
                Assert.Equal(begun.Id, other.TransactionId);
                Assert.InRange(other.RetryAfter!.Value, TimeSpan.FromSeconds(40), TransactionOptions.DefaultRollbackLease);
                await Assert.ThrowsAsync<RollbackInFlightException>(() => Journal.MarkRolledBackAsync(begun.Id, null, ct));
                await Assert.ThrowsAsync<TransactionConflictException>(() => Journal.CompleteAsync(begun.Id, null, ct));
                var conflict = await Assert.ThrowsAsync<TransactionConflictException>(() => Journal.FailAsync(begun.Id, "no", ct));
                Assert.Equal((begun.Id, TransactionStatus.Pending), (conflict.TransactionId, conflict.CurrentStatus));
            },
            cancellationToken: Cancellation);

        var late = await Assert.ThrowsAsync<TransactionConflictException>(() => Journal.CompleteAsync(begun.Id, null, Cancellation));
        Assert.Equal(TransactionStatus.RolledBack, late.CurrentStatus);
        await Assert.ThrowsAsync<TransactionConflictException>(() => Journal.FailAsync(begun.Id, "no", Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_gives_the_transaction_back(bool inside)
    {
        var id = (await CompletedAsync()).Id;
        using var cancelled = new CancellationTokenSource();
        async Task CompensateAsync(CancellationToken ct)
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, ct);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inside
            ? Journal.RollBackAsync(id, (_, _, ct) => CompensateAsync(ct), null, cancelled.Token)
            : Journal.RollBackAsync(id, (_, ct) => CompensateAsync(ct), null, cancelled.Token));

        Assert.Equal((TransactionStatus.Completed, null), ((await FindAsync(id)).Status, (await FindAsync(id)).RollbackLeaseUntil));
        Assert.False((await RollBackAsync(Journal, id, inside, () => { })).AlreadyRolledBack);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compensation_that_has_run_is_marked_even_for_a_caller_who_has_gone(bool inside)
    {
        var id = (await CompletedAsync()).Id;
        using var cancelled = new CancellationTokenSource();

        var receipt = inside
            ? await Journal.RollBackAsync(id, (_, _, _) => cancelled.CancelAsync(), null, cancelled.Token)
            : await Journal.RollBackAsync(id, (_, _) => cancelled.CancelAsync(), null, cancelled.Token);

        Assert.Equal((false, TransactionStatus.RolledBack), (receipt.AlreadyRolledBack, (await FindAsync(id)).Status));
    }

    [Fact]
    public async Task What_the_host_has_undone_by_itself_is_marked_once()
    {
        var (pending, failed) = (await BegunAsync(), await BegunAsync());
        await Journal.FailAsync(failed.Id, "no", Cancellation);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => Journal.MarkRolledBackAsync(pending.Id, "by hand", Cancellation), Cancellation)));
        var late = await RollBackAsync(Journal, pending.Id, inside: false, () => Assert.Fail("It is undone."));

        Assert.Single(receipts, receipt => !receipt.AlreadyRolledBack);
        Assert.True(late.AlreadyRolledBack);
        Assert.False((await Journal.MarkRolledBackAsync(failed.Id, null, Cancellation)).AlreadyRolledBack);
        Assert.Equal((TransactionStatus.RolledBack, "no"), ((await FindAsync(failed.Id)).Status, (await FindAsync(failed.Id)).Error));
    }

    [Fact]
    public async Task A_compensation_cannot_commit_without_the_mark()
    {
        var (committed, disposed) = ((await CompletedAsync()).Id, (await CompletedAsync()).Id);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Journal.RollBackAsync(
            committed,
            async (c, t, ct) =>
            {
                await UndoAsync(c, t, ct);
                await t.CommitAsync(ct);
            },
            null,
            Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Journal.RollBackAsync(
            disposed,
            async (c, t, ct) =>
            {
                await UndoAsync(c, t, ct);
                await t.DisposeAsync();
            },
            null,
            Cancellation));

        Assert.Equal((0L, 0L), (await UndoneAsync(committed), await UndoneAsync(disposed)));
        Assert.Equal(TransactionStatus.Completed, (await FindAsync(committed)).Status);
        Assert.Equal(TransactionStatus.Completed, (await FindAsync(disposed)).Status);
    }

    [Fact]
    public async Task Settings_and_compensations_are_checked_before_anything_is_claimed()
    {
        var id = (await CompletedAsync()).Id;
        async Task RefuseAsync(string argument, RollbackSettings? settings, Func<Compensation, CancellationToken, Task> compensate) =>
            Assert.Equal(argument, (await Assert.ThrowsAnyAsync<ArgumentException>(
                () => Journal.RollBackAsync(id, compensate, settings, Cancellation))).ParamName);

        await RefuseAsync(nameof(RollbackSettings.Lease), new() { Lease = TimeSpan.Zero }, (_, _) => Task.CompletedTask);
        await RefuseAsync(nameof(RollbackSettings.Lease), new() { Lease = TimeSpan.FromDays(8) }, (_, _) => Task.CompletedTask);
        await RefuseAsync(nameof(RollbackSettings.WaitForOther), new() { WaitForOther = -TimeSpan.FromTicks(1) }, (_, _) => Task.CompletedTask);
        await RefuseAsync("compensate", null, null!);

        Assert.Equal(0, (await FindAsync(id)).RollbackAttempts);
    }
}
