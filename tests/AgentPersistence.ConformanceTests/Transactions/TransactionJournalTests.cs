using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

public abstract class TransactionJournalTests(TestDatabases databases) : JournalTests(databases)
{
    [Fact]
    public async Task Everything_that_begin_is_given_comes_back()
    {
        var given = new NewTransaction
        {
            IdempotencyKey = NewId("key"),
            Fingerprint = "sha-1",
            RunId = NewId("run"),
            UserId = NewId("user"),
            SessionId = NewId("session"),
            StepKey = "book-hotel",
            Intent = "travel",
            Action = "book",
            RollbackData = Json("""{ "room" : 1.50, "room": 2 }"""),
        };

        var receipt = await Journal.BeginAsync(given, Cancellation);

        var stored = receipt.Transaction;
        Assert.False(receipt.AlreadyBegun);
        Assert.Equal(stored, await FindAsync(stored.Id));
        Assert.Equal(stored, await Journal.FindByIdempotencyKeyAsync(given.IdempotencyKey, Cancellation));
        Assert.Equal(
            given with { Status = stored.Status },
            new NewTransaction
            {
                IdempotencyKey = stored.IdempotencyKey,
                Fingerprint = stored.Fingerprint,
                RunId = stored.RunId,
                UserId = stored.UserId,
                SessionId = stored.SessionId,
                StepKey = stored.StepKey,
                Intent = stored.Intent,
                Action = stored.Action,
                RollbackData = stored.RollbackData,
            });
        Assert.Equal((TransactionStatus.Pending, 0L), (stored.Status, stored.RollbackAttempts));
        Assert.Null(stored.SettledAt ?? stored.RolledBackAt ?? stored.RollbackLeaseUntil);
    }

    [Fact]
    public async Task A_second_begin_under_a_key_gets_the_first_ones_transaction()
    {
        var transaction = new NewTransaction { IdempotencyKey = NewId("key"), Fingerprint = "a", RollbackData = Json("1") };
        var first = await BegunAsync(transaction);
        await Journal.CompleteAsync(first.Id, cancellationToken: Cancellation);

        var second = await Journal.BeginAsync(transaction with { RollbackData = Json("2") }, Cancellation);
        var unasked = await Journal.BeginAsync(transaction with { Fingerprint = null }, Cancellation);

        Assert.All([second, unasked], receipt => Assert.True(receipt.AlreadyBegun));
        Assert.Equal((first.Id, TransactionStatus.Completed, "1"), Figures(second));
        Assert.Equal(second, unasked);
        static (Guid, TransactionStatus, string?) Figures(TransactionReceipt receipt) =>
            (receipt.Transaction.Id, receipt.Transaction.Status, receipt.Transaction.RollbackData?.GetRawText());
    }

    [Theory]
    [InlineData("another", "mia")]
    [InlineData("same", "tom")]
    [InlineData("same", null)]
    public async Task A_key_that_stands_for_another_request_is_a_conflict(string fingerprint, string? user)
    {
        var key = NewId("key");
        var first = await BegunAsync(new() { IdempotencyKey = key, Fingerprint = "same", UserId = "mia" });

        var conflict = await Assert.ThrowsAsync<TransactionConflictException>(() => Journal.BeginAsync(
            new() { IdempotencyKey = key, Fingerprint = fingerprint, UserId = user }, Cancellation));

        Assert.Equal((first.Id, TransactionStatus.Pending), (conflict.TransactionId, conflict.CurrentStatus));
        Assert.Equal(first, await FindAsync(first.Id));
    }

    [Fact]
    public async Task Of_fifty_begins_under_one_key_one_begins()
    {
        var (key, run) = (NewId("key"), NewId("run"));

        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            () => Journal.BeginAsync(new() { IdempotencyKey = key, RunId = run }, Cancellation), Cancellation)));

        Assert.Single(receipts, receipt => !receipt.AlreadyBegun);
        Assert.Single(receipts.Select(receipt => receipt.Transaction.Id).Distinct());
        Assert.Single(await Agent.Audit.QueryAsync(new() { RunId = run }, Cancellation));
    }

    [Fact]
    public async Task Completing_keeps_the_undo_data_unless_it_knows_better()
    {
        var (kept, replaced) = (await BegunAsync(new() { RollbackData = Json("1") }), await BegunAsync(new() { RollbackData = Json("1") }));

        var first = await Journal.CompleteAsync(kept.Id, cancellationToken: Cancellation);
        var second = await Journal.CompleteAsync(
            replaced.Id, new() { RollbackData = Json("null"), ResultFingerprint = "left" }, Cancellation);

        Assert.Equal(("1", null), (first.RollbackData?.GetRawText(), first.ResultFingerprint));
        Assert.Equal(("null", "left"), (second.RollbackData?.GetRawText(), second.ResultFingerprint));
        Assert.All([first, second], t => Assert.Equal((TransactionStatus.Completed, true), (t.Status, t.SettledAt >= t.CreatedAt)));
        Assert.Equal(second, await FindAsync(replaced.Id));
    }

    [Fact]
    public async Task The_first_outcome_stays_and_the_same_again_is_no_conflict()
    {
        var (completed, failed) = (await BegunAsync(), await BegunAsync());
        var first = await Journal.CompleteAsync(completed.Id, new() { ResultFingerprint = "first" }, Cancellation);
        var no = await Journal.FailAsync(failed.Id, "no", Cancellation);

        Assert.Equal(first, await Journal.CompleteAsync(completed.Id, new() { ResultFingerprint = "second" }, Cancellation));
        Assert.Equal(no, await Journal.FailAsync(failed.Id, "never", Cancellation));
        Assert.Equal((TransactionStatus.Failed, "no"), (no.Status, no.Error));
        var late = await Assert.ThrowsAsync<TransactionConflictException>(() => Journal.FailAsync(completed.Id, "no", Cancellation));
        Assert.Equal((completed.Id, TransactionStatus.Completed), (late.TransactionId, late.CurrentStatus));
        var dead = await Assert.ThrowsAsync<TransactionConflictException>(
            () => Journal.CompleteAsync(failed.Id, cancellationToken: Cancellation));
        Assert.Equal(TransactionStatus.Failed, dead.CurrentStatus);
        Assert.Equal((first, no), (await FindAsync(completed.Id), await FindAsync(failed.Id)));
    }

    [Fact]
    public async Task Of_many_who_complete_or_fail_one_transaction_one_kind_wins()
    {
        var begun = await BegunAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(
            async () =>
            {
                try
                {
                    return i % 2 == 0
                        ? (await Journal.CompleteAsync(begun.Id, new() { ResultFingerprint = $"{i}" }, Cancellation)).Status
                        : (await Journal.FailAsync(begun.Id, $"{i}", Cancellation)).Status;
                }
                catch (TransactionConflictException)
                {
                    return (TransactionStatus?)null;
                }
            },
            Cancellation)));

        var stored = await FindAsync(begun.Id);
        Assert.Equal(12, outcomes.Count(outcome => outcome == stored.Status));
        Assert.Equal(12, outcomes.Count(outcome => outcome is null));
        Assert.True(stored.Error is null == (stored.ResultFingerprint is not null));
    }

    [Fact]
    public async Task What_was_never_begun_is_not_found()
    {
        var id = Guid.CreateVersion7();

        Assert.Null(await Journal.FindAsync(id, Cancellation));
        Assert.Null(await Journal.FindByIdempotencyKeyAsync(NewId("key"), Cancellation));
        Func<Task>[] calls =
        [
            () => Journal.CompleteAsync(id, cancellationToken: Cancellation),
            () => Journal.FailAsync(id, "no", Cancellation),
            () => Journal.MarkRolledBackAsync(id, cancellationToken: Cancellation),
            () => Journal.RollBackAsync(id, (_, _) => Task.CompletedTask, cancellationToken: Cancellation),
            () => Journal.RollBackAsync(id, (_, _, _) => Task.CompletedTask, cancellationToken: Cancellation),
        ];
        foreach (var call in calls)
        {
            Assert.Equal(id, (await Assert.ThrowsAsync<TransactionNotFoundException>(call)).TransactionId);
        }
    }

    [Fact]
    public async Task A_transaction_is_queried_by_each_of_its_columns()
    {
        var run = NewId("run");
        var transaction = new NewTransaction
        {
            RunId = run, UserId = NewId("user"), SessionId = NewId("session"), StepKey = NewId("step"), Action = NewId("action"),
        };
        var other = await BegunAsync(new() { RunId = run });
        var found = await BegunAsync(transaction);
        await Journal.FailAsync(other.Id, "no", Cancellation);
        TransactionQuery[] queries =
        [
            new() { RunId = run, Status = TransactionStatus.Pending },
            new() { UserId = transaction.UserId },
            new() { SessionId = transaction.SessionId },
            new() { StepKey = transaction.StepKey },
            new() { Action = transaction.Action },
            new() { RunId = run, From = found.CreatedAt },
            new() { RunId = run, Limit = 1 },
        ];

        foreach (var query in queries)
        {
            Assert.Equal(found, Assert.Single(await Journal.QueryAsync(query, Cancellation)));
        }

        var before = await Journal.QueryAsync(new() { RunId = run, To = found.CreatedAt }, Cancellation);
        Assert.Equal([other.Id], before.Select(t => t.Id));
    }

    [Fact]
    public async Task Pages_follow_each_other_the_last_begun_first_even_where_times_are_equal()
    {
        await using var agent = new Agent(Database, new ManualTimeProvider());
        var run = NewId("run");
        var begun = new List<Guid>();
        for (var i = 0; i < 25; i++)
        {
            begun.Add((await agent.Transactions.BeginAsync(new() { RunId = run }, Cancellation)).Transaction.Id);
        }

        var read = new List<JournaledTransaction>();
        while (await agent.Transactions.QueryAsync(new() { RunId = run, Limit = 7, After = read.LastOrDefault() }, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(Enumerable.Reverse(begun), read.Select(t => t.Id));
    }

    [Fact]
    public async Task Only_pending_and_completed_transactions_begin()
    {
        foreach (var status in new[] { TransactionStatus.Failed, TransactionStatus.RolledBack, (TransactionStatus)9 })
        {
            var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => Journal.BeginAsync(new() { Status = status }, Cancellation));
            Assert.Equal(nameof(NewTransaction.Status), refused.ParamName);
        }

        var completed = await BegunAsync(new() { Status = TransactionStatus.Completed });
        Assert.Equal((TransactionStatus.Completed, completed.CreatedAt), (completed.Status, completed.SettledAt));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task A_page_has_its_limits(int limit) =>
        Assert.Equal(
            nameof(TransactionQuery.Limit),
            (await Assert.ThrowsAnyAsync<ArgumentException>(() => Journal.QueryAsync(new() { Limit = limit }, Cancellation))).ParamName);
}
