using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

/// <summary>Each step is in the audit log, in the same commit.</summary>
public abstract class JournalAuditTests(TestDatabases databases) : JournalTests(databases)
{
    [Fact]
    public async Task The_entry_says_what_was_begun_and_nothing_of_how_to_undo_it()
    {
        var given = new NewTransaction
        {
            IdempotencyKey = NewId("key"), RunId = NewId("run"), UserId = NewId("user"), SessionId = NewId("session"),
            Intent = "pay", Action = "transfer", Input = Json("{ \"amount\": 1.50 }"), RollbackData = Json("\"secret\""),
        };

        var begun = await BegunAsync(given);

        var entry = await EntryAsync(begun.Id);
        Assert.Equal(
            (given.RunId, given.UserId, given.SessionId, given.Intent, given.Action, "transaction", AuditStatus.Pending),
            (entry.RunId, entry.UserId, entry.SessionId, entry.Intent, entry.Action, entry.EventType, entry.Status));
        Assert.Equal("{ \"amount\": 1.50 }", entry.Input?.GetRawText());
        Assert.Equal(begun.AuditLogId, entry.Id);
        Assert.Null(entry.IdempotencyKey);
        Assert.Null(entry.Output ?? entry.Details);
    }

    [Fact]
    public async Task Each_step_completes_the_entry()
    {
        var (completed, failed, begunCompleted) = (await BegunAsync(), await BegunAsync(), await BegunAsync(new() { Status = TransactionStatus.Completed }));

        await Journal.CompleteAsync(completed.Id, new() { Output = Json("[1]"), RollbackData = Json("\"secret\"") }, Cancellation);
        await Journal.FailAsync(failed.Id, "no", Cancellation);

        var (success, failure) = (await EntryAsync(completed.Id), await EntryAsync(failed.Id));
        Assert.Equal((AuditStatus.Success, "[1]", null), (success.Status, success.Output?.GetRawText(), success.ErrorMessage));
        Assert.Equal((AuditStatus.Failure, "no"), (failure.Status, failure.ErrorMessage));
        Assert.Equal(AuditStatus.Success, (await EntryAsync(begunCompleted.Id)).Status);
    }

    [Fact]
    public async Task Who_logs_and_reads_nothing_else_leaves_few_rows_to_be_chained()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);

        for (var i = 0; i < 300; i++)
        {
            await ArriveAtAsync(agent.Transactions, TransactionStatus.Completed);
        }

        Assert.InRange(await database.CountAsync("agent_audit_staged"), 0, 256);
        Assert.Equal((true, 600), ((await agent.Verifier.VerifyAsync(cancellationToken: Cancellation)) is var proof && proof.IsIntact, proof.Verified));
    }

    [Fact]
    public async Task A_host_whose_entries_are_all_in_transactions_leaves_few_rows_to_be_chained()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);

        for (var i = 0; i < 600; i++)
        {
            await using var transaction = await agent.Database.BeginTransactionAsync(Cancellation);
            await transaction.Audit.LogAsync(new AuditEntry { Action = "pay" }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.InRange(await database.CountAsync("agent_audit_staged"), 0, 256);
    }

    [Theory]
    [InlineData(TransactionStatus.Pending)]
    [InlineData(TransactionStatus.Completed)]
    [InlineData(TransactionStatus.Failed)]
    public async Task Rolling_back_is_logged_from_wherever_it_stood(TransactionStatus status)
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await ArriveAtAsync(agent.Transactions, status));
        }

        await agent.Transactions.MarkRolledBackAsync(ids[0], "by hand", Cancellation);
        await agent.Transactions.RollBackAsync(ids[1], (_, _) => Task.CompletedTask, cancellationToken: Cancellation);
        await agent.Transactions.RollBackAsync(ids[2], (_, _, _) => Task.CompletedTask, cancellationToken: Cancellation);

        foreach (var id in ids)
        {
            var entry = await agent.Audit.FindAsync(id, Cancellation);
            Assert.Equal(AuditStatus.RolledBack, entry!.Status);
            Assert.Equal(id == ids[0] ? "by hand" : status == TransactionStatus.Failed ? "no" : null, entry.ErrorMessage);
        }

        var rows = status == TransactionStatus.Pending ? 2 : 3;
        Assert.Equal(new AuditVerification(true, 3 * rows, null, null), await agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Many_steps_of_many_callers_leave_the_log_intact_and_complete()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            async () =>
            {
                var id = (await agent.Transactions.BeginAsync(new() { RunId = "run" }, Cancellation)).Transaction.Id;
                await agent.Transactions.CompleteAsync(id, cancellationToken: Cancellation);
                if (i % 2 == 0)
                {
                    await agent.Transactions.RollBackAsync(id, (_, _) => Task.CompletedTask, cancellationToken: Cancellation);
                }
            },
            Cancellation)));

        var entries = await agent.Audit.QueryAsync(new() { RunId = "run" }, Cancellation);
        var transactions = await agent.Transactions.QueryAsync(new() { RunId = "run" }, Cancellation);
        Assert.Equal(
            transactions.ToDictionary(t => t.AuditLogId, t => t.Status == TransactionStatus.RolledBack),
            entries.ToDictionary(e => e.Id, e => e.Status == AuditStatus.RolledBack));
        Assert.Equal(20, entries.Count(e => e.Status == AuditStatus.RolledBack));
        Assert.Equal(new AuditVerification(true, 100, null, null), await agent.Verifier.VerifyAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_step_that_cannot_be_logged_is_not_stored()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var begun = (await agent.Transactions.BeginAsync(new(), Cancellation)).Transaction;
        await agent.Audit.FindAsync(begun.Id, Cancellation);
        await database.ExecuteAsync("DROP TABLE agent_audit_head");
        await database.ExecuteAsync("DROP TABLE agent_audit_staged");

        await Assert.ThrowsAnyAsync<AgentPersistenceException>(() => agent.Transactions.BeginAsync(new() { IdempotencyKey = "k" }, Cancellation));
        await Assert.ThrowsAnyAsync<AgentPersistenceException>(
            () => agent.Transactions.CompleteAsync(begun.Id, cancellationToken: Cancellation));
        await Assert.ThrowsAnyAsync<AgentPersistenceException>(
            () => agent.Transactions.MarkRolledBackAsync(begun.Id, cancellationToken: Cancellation));

        Assert.Null(await agent.Transactions.FindByIdempotencyKeyAsync("k", Cancellation));
        Assert.Equal(begun, await agent.Transactions.FindAsync(begun.Id, Cancellation));
    }

    [Fact]
    public async Task A_transaction_whose_entry_was_pruned_can_still_be_settled_and_undone()
    {
        await using var database = await Databases.CreateAsync();
        await using var agent = new Agent(database);
        var given = new NewTransaction { RunId = "run", UserId = "mia", SessionId = "s", Intent = "pay", Action = "transfer" };
        var id = (await agent.Transactions.BeginAsync(given, Cancellation)).Transaction.Id;
        await agent.AuditMaintenance.PruneAsync(1, Cancellation);

        await agent.Transactions.CompleteAsync(id, new() { Output = Json("[1]") }, Cancellation);
        await agent.Transactions.RollBackAsync(id, (_, _) => Task.CompletedTask, cancellationToken: Cancellation);

        var entries = await agent.Audit.QueryAsync(new() { UserId = "mia", OldestFirst = true }, Cancellation);
        Assert.Equal([AuditStatus.Success, AuditStatus.RolledBack], entries.Select(e => e.Status));
        Assert.Equal(["[1]", null], entries.Select(e => e.Output?.GetRawText()));
        Assert.All(entries, e => Assert.Equal(("run", "s", "pay", "transfer"), (e.RunId, e.SessionId, e.Intent, e.Action)));
        Assert.All(entries, e => Assert.Equal(id, e.Details?.GetProperty("transactionId").GetGuid()));
        Assert.True((await agent.Verifier.VerifyAsync(cancellationToken: Cancellation)).IsIntact);
    }

    [Fact]
    public async Task An_entry_that_somebody_else_completed_keeps_nothing_from_being_undone()
    {
        var run = NewId("run");
        var begun = await BegunAsync(new() { RunId = run });
        await Agent.Audit.CompleteAsync(begun.AuditLogId, new(AuditStatus.RolledBack), Cancellation);

        await Journal.CompleteAsync(begun.Id, cancellationToken: Cancellation);
        await Journal.RollBackAsync(begun.Id, (_, _) => Task.CompletedTask, cancellationToken: Cancellation);

        Assert.Equal(TransactionStatus.RolledBack, (await FindAsync(begun.Id)).Status);
        var entries = await Agent.Audit.QueryAsync(new() { RunId = run, OldestFirst = true }, Cancellation);
        Assert.Equal([AuditStatus.RolledBack, AuditStatus.Success, AuditStatus.RolledBack], entries.Select(e => e.Status));
    }

    private static async Task<Guid> ArriveAtAsync(ITransactionJournal journal, TransactionStatus status)
    {
        var id = (await journal.BeginAsync(new(), Cancellation)).Transaction.Id;
        await (status switch
        {
            TransactionStatus.Completed => journal.CompleteAsync(id, cancellationToken: Cancellation),
            TransactionStatus.Failed => journal.FailAsync(id, "no", Cancellation),
            _ => Task.CompletedTask,
        });
        return id;
    }
}
