using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Sessions;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

/// <summary>The journal inside transactions of the database, beside what the host stores in them.</summary>
public abstract class JournalTransactionTests(TestDatabases databases) : JournalTests(databases)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_effect_its_journal_and_its_audit_entry_commit_or_vanish_together(bool commit)
    {
        var (session, run) = (NewId("session"), NewId("run"));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = session }, Cancellation);
            var begun = (await transaction.Transactions.BeginAsync(new() { RunId = run }, Cancellation)).Transaction;
            await transaction.Transactions.CompleteAsync(begun.Id, cancellationToken: Cancellation);
            Assert.Equal(TransactionStatus.Completed, (await transaction.Transactions.FindAsync(begun.Id, Cancellation))!.Status);
            Assert.Equal(AuditStatus.Success, (await transaction.Audit.FindAsync(begun.Id, Cancellation))!.Status);
            Assert.Null(await Journal.FindAsync(begun.Id, Cancellation));
            await (commit ? transaction.CommitAsync(Cancellation) : Task.CompletedTask);
        }

        var expected = commit ? 1 : 0;
        Assert.Equal(commit, await Agent.Sessions.FindAsync(session, Cancellation) is not null);
        Assert.Equal(expected, (await Journal.QueryAsync(new() { RunId = run, Status = TransactionStatus.Completed }, Cancellation)).Count);
        Assert.Equal(expected, (await Agent.Audit.QueryAsync(new() { RunId = run, Status = AuditStatus.Success }, Cancellation)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_whole_roll_back_inside_the_hosts_transaction_commits_or_vanishes_with_it(bool commit)
    {
        var (outside, inside) = ((await CompletedAsync()).Id, (await CompletedAsync()).Id);
        await using (var connection = await Database.OpenAsync())
        {
            await using var host = await connection.BeginTransactionAsync(Cancellation);
            var enlisted = Agent.Database.Enlist(host);
            await enlisted.Transactions.RollBackAsync(outside, (c, ct) => UndoAsync(c, host, ct), null, Cancellation);
            await enlisted.Transactions.RollBackAsync(inside, UndoAsync, null, Cancellation);
            Assert.True((await enlisted.Transactions.RollBackAsync(inside, UndoAsync, null, Cancellation)).AlreadyRolledBack);
            await (commit ? host.CommitAsync(Cancellation) : host.RollbackAsync(Cancellation));
        }

        foreach (var id in new[] { outside, inside })
        {
            Assert.Equal(commit ? 1 : 0, await UndoneAsync(id));
            Assert.Equal(commit ? TransactionStatus.RolledBack : TransactionStatus.Completed, (await FindAsync(id)).Status);
            Assert.Equal(commit ? AuditStatus.RolledBack : AuditStatus.Success, (await EntryAsync(id)).Status);
        }
    }

    [Fact]
    public async Task A_run_is_undone_whole_or_not_at_all_inside_a_transaction()
    {
        var run = NewId("run");
        var steps = await StepsAsync(run, 3);
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            await Assert.ThrowsAsync<TimeoutException>(() => transaction.Transactions.UndoRunAsync(
                run, (c, _) => c.Transaction.Id == steps[0] ? throw new TimeoutException() : Task.CompletedTask, null, Cancellation));
        }

        Assert.All(await Journal.QueryAsync(new() { RunId = run }, Cancellation), t => Assert.Equal(TransactionStatus.Completed, t.Status));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            Assert.Equal(3, (await transaction.Transactions.UndoRunAsync(run, UndoAsync, null, Cancellation)).Undone.Count);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.All(await Journal.QueryAsync(new() { RunId = run }, Cancellation), t => Assert.Equal(TransactionStatus.RolledBack, t.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_failed_compensation_has_written_vanishes_though_its_hosts_transaction_commits(bool isDatabaseError)
    {
        var (done, next, session) = ((await CompletedAsync()).Id, (await CompletedAsync()).Id, NewId("session"));
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            async Task FailAsync(Compensation compensation, IAgentTransaction inside)
            {
                await UndoAsync(compensation, inside, Cancellation);
                await inside.Sessions.CreateAsync(new NewSession { Id = session }, Cancellation);
                await using var command = inside.DbTransaction.Connection!.CreateCommand();
                (command.Transaction, command.CommandText) = (inside.DbTransaction, "SELECT no_such_column");
                await (isDatabaseError ? command.ExecuteNonQueryAsync(Cancellation) : throw new TimeoutException("the bank is closed"));
            }

            await Assert.ThrowsAnyAsync<Exception>(() => transaction.Transactions.RollBackAsync(done, (c, t, _) => FailAsync(c, t), null, Cancellation));
            await transaction.Transactions.RollBackAsync(next, UndoAsync, null, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal((0L, 1L), (await UndoneAsync(done), await UndoneAsync(next)));
        Assert.Null(await Agent.Sessions.FindAsync(session, Cancellation));
        var stored = await FindAsync(done);
        Assert.Equal((TransactionStatus.Completed, 1L, null), (stored.Status, stored.RollbackAttempts, stored.RollbackLeaseUntil));
        Assert.NotNull(stored.RollbackError);
    }

    [Fact]
    public async Task Expected_outcomes_leave_the_transaction_usable()
    {
        var (key, done, session) = (NewId("key"), await CompletedAsync(), NewId("session"));
        await BegunAsync(new() { IdempotencyKey = key, Fingerprint = "a" });
        await using (var transaction = await Agent.Database.BeginTransactionAsync(Cancellation))
        {
            var journal = transaction.Transactions;
            Assert.True((await journal.BeginAsync(new() { IdempotencyKey = key }, Cancellation)).AlreadyBegun);
            await Assert.ThrowsAsync<TransactionConflictException>(
                () => journal.BeginAsync(new() { IdempotencyKey = key, Fingerprint = "b" }, Cancellation));
            await Assert.ThrowsAsync<TransactionConflictException>(() => journal.FailAsync(done.Id, "no", Cancellation));
            await Assert.ThrowsAsync<TransactionNotFoundException>(() => journal.FailAsync(Guid.CreateVersion7(), "no", Cancellation));
            await Assert.ThrowsAsync<TimeoutException>(
                () => journal.RollBackAsync(done.Id, (_, _) => throw new TimeoutException(), null, Cancellation));
            await transaction.Sessions.CreateAsync(new NewSession { Id = session }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.NotNull(await Agent.Sessions.FindAsync(session, Cancellation));
        Assert.Equal((TransactionStatus.Completed, 1L), ((await FindAsync(done.Id)).Status, (await FindAsync(done.Id)).RollbackAttempts));
    }

    [Fact]
    public async Task An_effect_that_completes_too_late_vanishes_with_its_transaction()
    {
        var begun = await BegunAsync();
        await Journal.RollBackAsync(begun.Id, (_, _) => Task.CompletedTask, cancellationToken: Cancellation);
        await using (var connection = await Database.OpenAsync())
        {
            await using var host = await connection.BeginTransactionAsync(Cancellation);
            await UndoAsync(new Compensation { Transaction = begun }, host, Cancellation);
            await Assert.ThrowsAsync<TransactionConflictException>(
                () => Agent.Database.Enlist(host).Transactions.CompleteAsync(begun.Id, cancellationToken: Cancellation));
        }

        Assert.Equal(0, await UndoneAsync(begun.Id));
    }

    [Fact]
    public async Task The_stores_and_the_hosts_own_rows_share_the_transaction_that_a_compensation_gets()
    {
        var (id, session) = ((await CompletedAsync()).Id, NewId("session"));
        async Task CompensateAsync(Compensation compensation, IAgentTransaction transaction, bool succeeds)
        {
            await transaction.Sessions.CreateAsync(new NewSession { Id = session }, Cancellation);
            await UndoAsync(compensation, transaction, Cancellation);
            Assert.True(succeeds, "The bank is closed.");
        }

        await Assert.ThrowsAnyAsync<Exception>(() => Journal.RollBackAsync(id, (c, t, _) => CompensateAsync(c, t, false), null, Cancellation));
        Assert.Null(await Agent.Sessions.FindAsync(session, Cancellation));
        await Journal.RollBackAsync(id, (c, t, _) => CompensateAsync(c, t, true), null, Cancellation);

        Assert.NotNull(await Agent.Sessions.FindAsync(session, Cancellation));
        Assert.Equal(1, await UndoneAsync(id));
    }
}
