using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Tests.Internal.GroupCommit;

/// <summary>Commits that work on a thread of their own.</summary>
public sealed class ThreadedGroupCommitTests() : GroupCommitTests(keepsThread: true);

/// <summary>Commits that a caller alone awaits by itself.</summary>
public sealed class AwaitedGroupCommitTests() : GroupCommitTests(keepsThread: false);

public abstract class GroupCommitTests(bool keepsThread)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [ThreadStatic]
    private static bool t_isCalling;

    private readonly FakeCommits _commits = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_caller_alone_is_committed_at_once()
    {
        await using var group = Group();

        await CommitAsync(group, 1);

        Assert.Equal(["1"], _commits.Done);
    }

    [Fact]
    public async Task A_commit_that_keeps_its_thread_never_keeps_a_callers()
    {
        var isCallers = false;
        await using var group = new GroupCommit<int>(
            (_, _) =>
            {
                isCallers = t_isCalling;
                return Task.CompletedTask;
            },
            keepsThread);

        t_isCalling = true;
        var commit = group.CommitAsync(1, 1, 1, Cancellation).AsTask();
        t_isCalling = false;
        await commit;

        Assert.Equal(!keepsThread, isCallers);
    }

    [Fact]
    public async Task What_comes_during_a_commit_is_committed_together_in_its_order()
    {
        await using var group = Group();
        var gate = _commits.Hold();

        var callers = Enumerable.Range(1, 5).Select(i => CommitAsync(group, i)).ToList();
        await _commits.WaitUntilHeldAsync();
        callers.AddRange(Enumerable.Range(6, 5).Select(i => CommitAsync(group, i)));
        gate.SetResult();
        await Task.WhenAll(callers).WaitAsync(Patience, Cancellation);

        Assert.Equal("1 2 3 4 5 6 7 8 9 10", string.Join(' ', _commits.Done));
        Assert.InRange(_commits.Done.Count, 2, 6);
        Assert.Contains("6 7 8 9 10", _commits.Done[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_who_come_back_when_they_are_answered_are_in_the_next_commit()
    {
        // 20 each time if all come back, about 40 if the first caller's commits and the others' take turns. A machine that is busy may
        // keep some from coming back in time; not every time.
        var commits = new List<int>();
        do
        {
            commits.Add(await ReturningCallers.CountCommitsAsync(callers: 16, calls: 20, keepsThread));
        }
        while (commits[^1] > 30 && commits.Count < 20);

        Assert.InRange(commits[^1], 20, 30);
    }

    [Fact]
    public async Task A_commit_is_bounded_in_rows_and_in_bytes()
    {
        await using var group = Group();
        var gate = _commits.Hold();
        var first = CommitAsync(group, 0);
        await _commits.WaitUntilHeldAsync();

        var callers = Enumerable.Range(1, 3).Select(i => group.CommitAsync(i, 400, 1, Cancellation).AsTask()).ToList();
        callers.AddRange(Enumerable.Range(4, 3).Select(i => group.CommitAsync(i, 1, 2 * 1024 * 1024, Cancellation).AsTask()));
        callers.Add(group.CommitAsync(7, 5_000, 1, Cancellation).AsTask());
        gate.SetResult();
        await Task.WhenAll([first, .. callers]).WaitAsync(Patience, Cancellation);

        Assert.Equal(["0", "1 2", "3 4", "5 6", "7"], _commits.Done);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    [InlineData(57)]
    public async Task One_item_that_cannot_be_committed_fails_alone(int bad)
    {
        await using var group = Group();
        _commits.Refused.Add(bad);
        var gate = _commits.Hold();
        var first = CommitAsync(group, 0);
        await _commits.WaitUntilHeldAsync();

        var callers = Enumerable.Range(1, 100).Select(i => CommitAsync(group, i)).ToList();
        gate.SetResult();
        await first;
        var errors = await Task.WhenAll(callers.Select(c => Record.ExceptionAsync(() => c.WaitAsync(Patience, Cancellation)).AsTask()));

        Assert.Equal($"{bad}", Assert.IsType<InvalidOperationException>(errors[bad - 1]).Message);
        Assert.Single(errors, e => e is not null);
        Assert.Equal(99, _commits.Items.Count(i => i > 0));
        Assert.Equal(_commits.Items.Distinct(), _commits.Items);
        Assert.InRange(_commits.Attempts, 3, 20);
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_fails_the_commit_and_what_waits_behind_it_without_another_try()
    {
        await using var group = Group();
        var gate = _commits.Hold();
        var first = CommitAsync(group, 0);
        await _commits.WaitUntilHeldAsync();
        var waiting = Enumerable.Range(1, 2_500).Select(i => CommitAsync(group, i)).ToList();
        _commits.UnavailableFrom = 2;
        gate.SetResult();

        await first;
        var errors = await Task.WhenAll(waiting.Select(c => Record.ExceptionAsync(() => c.WaitAsync(Patience, Cancellation)).AsTask()));

        // Nothing of those behind was ever sent, so they are not in doubt.
        Assert.All(errors[..1_000], e => Assert.Same(errors[0], Assert.IsType<WriteInDoubtException>(e)));
        Assert.All(errors[1_000..], e => Assert.Same(errors[0], Assert.IsType<AgentPersistenceException>(e).InnerException));
        Assert.Equal(2, _commits.Attempts);
        _commits.UnavailableFrom = int.MaxValue;
        await CommitAsync(group, 3_000);
        Assert.Equal(["0", "3000"], _commits.Done);
    }

    [Fact]
    public async Task A_database_that_fails_while_a_bad_item_is_looked_for_is_not_asked_again_for_every_item()
    {
        await using var group = Group();
        var gate = _commits.Hold();
        var first = CommitAsync(group, 0);
        await _commits.WaitUntilHeldAsync();
        var callers = Enumerable.Range(1, 64).Select(i => CommitAsync(group, i)).ToList();
        _commits.Refused.Add(1);
        _commits.UnavailableFrom = 3;
        gate.SetResult();

        await first;
        var errors = await Task.WhenAll(callers.Select(c => Record.ExceptionAsync(() => c.WaitAsync(Patience, Cancellation)).AsTask()));

        // The first, then all, then the first half; the second was not sent.
        Assert.All(errors[..32], e => Assert.IsType<WriteInDoubtException>(e));
        Assert.All(errors[32..], e => Assert.IsType<AgentPersistenceException>(e));
        Assert.Equal(3, _commits.Attempts);
    }

    [Fact]
    public async Task A_caller_who_cancels_before_the_commit_is_left_out_and_one_who_cancels_later_is_not()
    {
        await using var group = Group();
        using var early = new CancellationTokenSource();
        using var late = new CancellationTokenSource();
        var gate = _commits.Hold();
        var begun = group.CommitAsync(1, 1, 1, late.Token).AsTask();
        await _commits.WaitUntilHeldAsync();
        var waiting = group.CommitAsync(2, 1, 1, early.Token).AsTask();

        await early.CancelAsync();
        await late.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience, Cancellation));
        gate.SetResult();
        await begun.WaitAsync(Patience, Cancellation);
        await CommitAsync(group, 3);

        Assert.Equal(["1", "3"], _commits.Done);
    }

    [Fact]
    public async Task A_token_cancelled_beforehand_never_commits()
    {
        await using var group = Group();

        var calls = Enumerable.Range(0, 1_000).Select(i => group.CommitAsync(i, 1, 1, new CancellationToken(canceled: true)).AsTask()).ToList();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls));
        Assert.All(calls, c => Assert.True(c.IsCanceled));
        Assert.Equal(0, _commits.Attempts);
    }

    [Fact]
    public async Task Disposing_commits_what_waits_and_refuses_what_comes_later()
    {
        var group = Group();
        var gate = _commits.Hold();
        var callers = Enumerable.Range(1, 2_000).Select(i => CommitAsync(group, i)).ToList();
        await _commits.WaitUntilHeldAsync();

        var disposal = group.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => CommitAsync(group, 2_001));
        Assert.False(disposal.IsCompleted);
        gate.SetResult();
        await disposal;

        Assert.All(callers, c => Assert.True(c.IsCompletedSuccessfully || c.Wait(Patience, Cancellation)));
        Assert.Equal(2_000, _commits.Items.Count);
    }

    [Fact]
    public async Task Of_callers_who_race_with_disposal_each_is_committed_by_its_end_or_refused()
    {
        for (var round = 0; round < 300; round++)
        {
            var commits = new FakeCommits();
            var group = new GroupCommit<int>(commits.CommitAsync, keepsThread);
            using var start = new Barrier(3);
            Task<Exception?> Caller(int item) => Task.Run(async () =>
            {
                start.SignalAndWait(Cancellation);
                return await Record.ExceptionAsync(() => group.CommitAsync(item, 1, 1, Cancellation).AsTask());
            });
            Task<Exception?>[] callers = [Caller(1), Caller(2)];

            start.SignalAndWait(Cancellation);
            await group.DisposeAsync();
            var atTheEnd = commits.Items.Count;
            var errors = await Task.WhenAll(callers).WaitAsync(Patience, Cancellation);

            Assert.Equal(errors.Count(e => e is null), commits.Items.Count);
            Assert.Equal(atTheEnd, commits.Items.Count);
            Assert.All(errors.OfType<Exception>(), e => Assert.IsType<ObjectDisposedException>(e));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_callers_context_reaches_the_commits(bool flowIsSuppressed)
    {
        var local = new AsyncLocal<string?> { Value = "the first caller's" };
        var seen = new List<string?>();
        await using var group = new GroupCommit<int>((_, _) =>
        {
            seen.Add(local.Value);
            return Task.CompletedTask;
        }, keepsThread);

        Task first;
        using (flowIsSuppressed ? ExecutionContext.SuppressFlow() : default(IDisposable))
        {
            first = group.CommitAsync(1, 1, 1, Cancellation).AsTask();
        }

        await first;
        local.Value = "the second caller's";
        await group.CommitAsync(2, 1, 1, Cancellation);

        Assert.Equal([null, null], seen);
    }

    [Fact]
    public async Task A_commit_that_throws_before_its_first_await_fails_its_callers_and_the_next_one_works()
    {
        var attempts = 0;
        await using var group = new GroupCommit<int>(
            (_, _) => attempts++ == 0 ? throw new InvalidOperationException("at once") : Task.CompletedTask, keepsThread);

        await Assert.ThrowsAsync<InvalidOperationException>(() => group.CommitAsync(1, 1, 1, Cancellation).AsTask());

        await group.CommitAsync(2, 1, 1, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
    }

    private GroupCommit<int> Group() => new(_commits.CommitAsync, keepsThread);

    private static Task CommitAsync(GroupCommit<int> group, int item) => group.CommitAsync(item, 1, 1, Cancellation).AsTask();
}
