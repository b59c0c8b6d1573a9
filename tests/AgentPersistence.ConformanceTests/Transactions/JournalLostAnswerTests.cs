using AgentPersistence.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

/// <summary>What only a database behind a network can meet: a connection that dies after the commit and before the answer.</summary>
public abstract class JournalLostAnswerTests(TestDatabases databases) : JournalTests(databases)
{
    private const string Claim = "rollback_epoch = rollback_epoch + 1";

    private ITransactionJournal Cut => BehindProxy.Transactions;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_begin_whose_answer_was_lost_is_stored_once_and_is_this_calls_own(bool hasKey)
    {
        var run = NewId("run");
        var lost = Proxy.LoseNextAnswerToCommit();

        var receipt = await Cut.BeginAsync(new() { RunId = run, IdempotencyKey = hasKey ? NewId("key") : null }, Cancellation);

        await lost;
        Assert.False(receipt.AlreadyBegun);
        Assert.Equal(receipt.Transaction, Assert.Single(await Journal.QueryAsync(new() { RunId = run }, Cancellation)));
        Assert.Single(await Agent.Audit.QueryAsync(new() { RunId = run }, Cancellation));
    }

    [Theory]
    [InlineData(TransactionStatus.Completed, AuditStatus.Success)]
    [InlineData(TransactionStatus.Failed, AuditStatus.Failure)]
    [InlineData(TransactionStatus.RolledBack, AuditStatus.RolledBack)]
    public async Task An_outcome_whose_answer_was_lost_is_stored_once_and_is_this_calls_own(TransactionStatus outcome, AuditStatus logged)
    {
        var begun = await BegunAsync(new() { RunId = NewId("run") });
        var lost = Proxy.LoseNextAnswerToCommit();

        var isOwn = outcome switch
        {
            TransactionStatus.Completed => (await Cut.CompleteAsync(begun.Id, new() { ResultFingerprint = "own" }, Cancellation))
                .ResultFingerprint == "own",
            TransactionStatus.Failed => (await Cut.FailAsync(begun.Id, "own", Cancellation)).Error == "own",
            _ => !(await Cut.MarkRolledBackAsync(begun.Id, "own", Cancellation)).AlreadyRolledBack,
        };

        await lost;
        Assert.True(isOwn);
        Assert.Equal(outcome, (await FindAsync(begun.Id)).Status);
        Assert.Equal(logged, Assert.Single(await Agent.Audit.QueryAsync(new() { RunId = begun.RunId }, Cancellation)).Status);
    }

    [Fact]
    public async Task A_completion_that_was_rolled_back_before_it_learnt_of_itself_is_a_success()
    {
        var begun = await BegunAsync();
        Task[] lost = [Proxy.LoseNextAnswerToCommit(), .. Enumerable.Range(0, 4).Select(_ => Proxy.LoseNextRequestWith("settle_id ="))];

        var completing = Cut.CompleteAsync(begun.Id, cancellationToken: Cancellation);
        await lost[0];
        await Journal.RollBackAsync(begun.Id, (_, _) => Task.CompletedTask, cancellationToken: Cancellation);

        Assert.False(completing.IsCompleted);
        Assert.Equal(begun.Id, (await completing).Id);
        await Task.WhenAll(lost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compensation_whose_claim_and_mark_lost_their_answers_runs_once(bool inside)
    {
        var (id, runs) = ((await CompletedAsync(new() { RunId = NewId("run") })).Id, 0);
        Task[] lost = [Proxy.LoseNextAnswerTo(Claim), Proxy.LoseNextAnswerToCommit()];

        var receipt = inside
            ? await Cut.RollBackAsync(
                id,
                (c, t, ct) =>
                {
                    runs++;
                    return UndoAsync(c, t, ct);
                },
                null,
                Cancellation)
            : await Cut.RollBackAsync(
                id,
                (_, _) =>
                {
                    runs++;
                    return Task.CompletedTask;
                },
                null,
                Cancellation);

        await Task.WhenAll(lost);
        Assert.Equal((1, false, 1L), (runs, receipt.AlreadyRolledBack, receipt.Transaction.RollbackAttempts));
        Assert.Equal(receipt.Transaction, await FindAsync(id));
        Assert.Equal(inside ? 1 : 0, await UndoneAsync(id));
        Assert.Equal(AuditStatus.RolledBack, Assert.Single(
            await Agent.Audit.QueryAsync(new() { RunId = receipt.Transaction.RunId }, Cancellation)).Status);
    }

    [Fact]
    public async Task A_commit_that_never_arrived_has_stored_nothing_and_may_be_called_again_at_once()
    {
        var id = (await CompletedAsync()).Id;
        var lost = Proxy.LoseNextRequestWith("COMMIT\0");

        var failure = await Assert.ThrowsAsync<AgentPersistenceException>(() => Cut.RollBackAsync(id, UndoAsync, null, Cancellation));
        await lost;
        Assert.Contains("nothing was stored", failure.Message, StringComparison.Ordinal);
        Assert.Equal((0L, TransactionStatus.Completed), (await UndoneAsync(id), (await FindAsync(id)).Status));

        Assert.False((await Cut.RollBackAsync(id, UndoAsync, null, Cancellation)).AlreadyRolledBack);
        Assert.Equal(1, await UndoneAsync(id));
    }

    [Fact]
    public async Task A_claim_of_a_caller_who_goes_before_it_is_answered_is_given_back()
    {
        var begun = await BegunAsync();
        using var leaving = new CancellationTokenSource();
        var lost = Proxy.LoseNextAnswerTo(Claim);
        _ = Proxy.LoseNextRequest(_ =>
        {
            if (lost.IsCompleted)
            {
                leaving.Cancel();
            }

            return lost.IsCompleted;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Cut.RollBackAsync(begun.Id, (_, _) => Task.CompletedTask, cancellationToken: leaving.Token));

        Assert.Equal(1, (await FindAsync(begun.Id)).RollbackAttempts);
        Assert.Equal(TransactionStatus.Completed, (await Journal.CompleteAsync(begun.Id, cancellationToken: Cancellation)).Status);
    }

    [Fact]
    public async Task A_claim_whose_lease_lapsed_before_it_learnt_of_itself_holds_a_whole_one()
    {
        var id = (await CompletedAsync()).Id;

        // The answer, and then as many requests as take longer than the lease.
        Task[] lost = [Proxy.LoseNextAnswerTo(Claim), .. Enumerable.Range(0, 8).Select(_ => Proxy.LoseNextRequestWith(Claim))];
        var receipt = await Cut.RollBackAsync(
            id,
            async (c, ct) =>
            {
                Assert.Equal((1L, false), (c.Epoch, c.IsTakeover));
                await Assert.ThrowsAsync<RollbackInFlightException>(() => Journal.MarkRolledBackAsync(id, null, ct));
            },
            new() { Lease = TimeSpan.FromMilliseconds(300) },
            Cancellation);

        await Task.WhenAll(lost);
        Assert.Equal((false, 1L), (receipt.AlreadyRolledBack, receipt.Transaction.RollbackAttempts));
    }

    [Fact]
    public async Task A_run_whose_answers_are_lost_is_undone_once_and_in_order()
    {
        var run = NewId("run");
        var steps = await StepsAsync(run, 4);
        Task[] lost = [Proxy.LoseNextAnswerToCommit(), Proxy.LoseNextAnswerToCommit(), Proxy.LoseNextAnswerTo(Claim)];

        var undo = await Cut.UndoRunAsync(run, UndoAsync, null, Cancellation);

        await Task.WhenAll(lost);
        Assert.Equal(new RunUndo { RunId = run, Undone = [.. Enumerable.Reverse(steps)] }, undo);
        foreach (var step in steps)
        {
            Assert.Equal(1, await UndoneAsync(step));
        }
    }
}
