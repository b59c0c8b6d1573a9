using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Transactions;

namespace AgentPersistence.ConformanceTests.Transactions;

public abstract class RunUndoTests(TestDatabases databases) : JournalTests(databases)
{
    private static readonly Exception Refused = new TimeoutException("the bank is closed");

    [Fact]
    public async Task A_run_is_undone_the_last_step_first()
    {
        var run = NewId("run");
        var steps = await StepsAsync(run, 5);
        await StepsAsync(NewId("another"), 1);
        var order = new List<string?>();

        var undo = await Journal.UndoRunAsync(
            run,
            (c, _) =>
            {
                order.Add(c.Transaction.StepKey);
                return Task.CompletedTask;
            },
            cancellationToken: Cancellation);

        Assert.Equal(["step-4", "step-3", "step-2", "step-1", "step-0"], order);
        Assert.Equal(new RunUndo { RunId = run, Undone = [.. Enumerable.Reverse(steps)] }, undo);
        Assert.True(undo.IsComplete);
    }

    [Fact]
    public async Task What_may_have_taken_effect_is_undone_and_what_failed_is_left()
    {
        var run = NewId("run");
        var (completed, failed, pending, marked) = (
            await CompletedAsync(new() { RunId = run }), await BegunAsync(new() { RunId = run }), await BegunAsync(new() { RunId = run }),
            await CompletedAsync(new() { RunId = run }));
        await Journal.FailAsync(failed.Id, "no", Cancellation);
        await Journal.MarkRolledBackAsync(marked.Id, cancellationToken: Cancellation);

        var undo = await Journal.UndoRunAsync(run, (_, _) => Task.CompletedTask, cancellationToken: Cancellation);

        Assert.Equal([pending.Id, completed.Id], undo.Undone);
        Assert.True(undo.IsComplete);
        Assert.Equal(TransactionStatus.Failed, (await FindAsync(failed.Id)).Status);
    }

    [Fact]
    public async Task A_step_that_fails_while_the_run_is_undone_is_left_too()
    {
        var run = NewId("run");
        var (failing, last) = ((await BegunAsync(new() { RunId = run })).Id, (await BegunAsync(new() { RunId = run })).Id);
        var compensated = new List<Guid>();

        var undo = await Journal.UndoRunAsync(
            run,
            async (c, ct) =>
            {
                compensated.Add(c.Transaction.Id);
                await Journal.FailAsync(failing, "no", ct);
            },
            cancellationToken: Cancellation);

        Assert.Equal([last], compensated);
        Assert.Equal([last], undo.Undone);
        Assert.True(undo.IsComplete);
        Assert.Equal((TransactionStatus.Failed, 0L), ((await FindAsync(failing)).Status, (await FindAsync(failing)).RollbackAttempts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_stops_at_the_first_failure_says_what_is_left_and_goes_on_there(bool inside)
    {
        var run = NewId("run");
        var steps = await StepsAsync(run, 4);
        var isOpen = false;
        Task<RunUndo> UndoRunAsync() => inside
            ? Journal.UndoRunAsync(
                run,
                async (c, t, ct) =>
                {
                    await UndoAsync(c, t, ct);
                    RefuseSecond(c);
                },
                cancellationToken: Cancellation)
            : Journal.UndoRunAsync(run, (c, _) => Task.Run(() => RefuseSecond(c), Cancellation), cancellationToken: Cancellation);
        void RefuseSecond(Compensation compensation)
        {
            if (compensation.Transaction.Id == steps[1] && !isOpen)
            {
                throw Refused;
            }
        }

        var stopped = await UndoRunAsync();
        isOpen = true;
        var finished = await UndoRunAsync();
        var again = await UndoRunAsync();

        Assert.Equal(new RunUndo { RunId = run, Undone = [steps[3], steps[2]], Remaining = [steps[1], steps[0]], Failure = Refused }, stopped);
        Assert.False(stopped.IsComplete);
        Assert.Equal(new RunUndo { RunId = run, Undone = [steps[1], steps[0]] }, finished);
        Assert.Equal(new RunUndo { RunId = run }, again);
        foreach (var step in steps)
        {
            Assert.Equal(inside ? 1 : 0, await UndoneAsync(step));
        }
    }

    [Fact]
    public async Task A_step_that_another_is_undoing_stops_it_unless_it_may_wait()
    {
        var run = NewId("run");
        var steps = await StepsAsync(run, 2);
        var (claimed, ended, listed) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var other = Journal.RollBackAsync(
            steps[0],
            (_, _) =>
            {
                claimed.SetResult();
                return ended.Task;
            },
            cancellationToken: Cancellation);
        await claimed.Task;

        var stopped = await Journal.UndoRunAsync(run, (_, _) => Task.CompletedTask, cancellationToken: Cancellation);
        var later = await CompletedAsync(new() { RunId = run });
        var waiting = Journal.UndoRunAsync(
            run,
            (_, _) =>
            {
                listed.SetResult();
                return Task.CompletedTask;
            },
            new() { WaitForOther = TimeSpan.FromMinutes(1) },
            Cancellation);
        await listed.Task;
        await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        Assert.False(waiting.IsCompleted);
        ended.SetResult();

        Assert.IsType<RollbackInFlightException>(stopped.Failure);
        Assert.Equal([steps[1]], stopped.Undone);
        Assert.Equal([steps[0]], stopped.Remaining);
        Assert.Equal([later.Id, steps[0]], (await waiting).Undone);
        Assert.False((await other).AlreadyRolledBack);
    }

    [Fact]
    public async Task A_step_that_the_run_takes_meanwhile_is_undone_too()
    {
        var run = NewId("run");
        var first = await CompletedAsync(new() { RunId = run });
        JournaledTransaction? second = null;

        var undo = await Journal.UndoRunAsync(
            run, async (_, _) => second ??= await CompletedAsync(new() { RunId = run }), cancellationToken: Cancellation);

        Assert.Equal([first.Id, second!.Id], undo.Undone);
    }

    [Fact]
    public async Task Of_many_who_undo_one_run_each_step_is_undone_once_and_in_order()
    {
        await using var database = await Databases.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE undone (undo_key varchar(255), n bigint)");
        await using var agent = new Agent(database);
        var steps = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            steps.Add((await agent.Transactions.BeginAsync(new() { RunId = "run" }, Cancellation)).Transaction.Id);
        }

        var undos = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => agent.Transactions.UndoRunAsync("run", UndoAsync, new() { WaitForOther = TimeSpan.FromMinutes(1) }, Cancellation),
            Cancellation)));

        Assert.All(undos, undo => Assert.True(undo.IsComplete));
        for (var i = 0; i < steps.Count; i++)
        {
            var n = await database.ScalarAsync($"SELECT n FROM undone WHERE undo_key = 'undo:{steps[^(i + 1)]}'");
            Assert.Equal(i + 1L, n);
        }

        Assert.Equal(steps.Count, await database.CountAsync("undone"));
    }

    [Fact]
    public async Task A_cancelled_undo_keeps_what_is_undone()
    {
        var run = NewId("run");
        var steps = await StepsAsync(run, 3);
        using var cancelled = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Journal.UndoRunAsync(
            run, (c, _) => c.Transaction.Id == steps[1] ? cancelled.CancelAsync() : Task.CompletedTask, null, cancelled.Token));

        Assert.Equal([steps[0]], (await Journal.UndoRunAsync(run, (_, _) => Task.CompletedTask, null, Cancellation)).Undone);
    }
}
