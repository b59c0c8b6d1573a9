using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Tests.Internal.GroupCommit;

/// <summary>Two commits of a group that may run beside each other.</summary>
public sealed class CommitsBesideTests
{
    private const int Least = GroupCommit<int>.LeastRowsBeside;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<HeldCommit> _commits = [];
    private readonly SemaphoreSlim _begun = new(0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_begins_beside_another_once_enough_rows_wait_for_it()
    {
        await using var group = Group();
        var callers = Call(group, 0, 1);
        var first = await NextAsync();
        callers.AddRange(Call(group, 1, Least - 1));
        Assert.False(await _begun.WaitAsync(TimeSpan.FromMilliseconds(50), Cancellation));

        callers.AddRange(Call(group, Least, 1));
        var second = await NextAsync();
        callers.AddRange(Call(group, Least + 1, 5 * Least));

        Assert.False(await _begun.WaitAsync(TimeSpan.FromMilliseconds(50), Cancellation));
        Assert.Equal([0], first.Items);
        Assert.Equal(Enumerable.Range(1, Least), second.Items);
        second.Succeed();
        await Task.WhenAll(callers[1..(Least + 1)]).WaitAsync(Patience, Cancellation);
        Assert.False(callers[0].IsCompleted);
        first.Succeed();
        await EndAsync(callers);
    }

    [Fact]
    public async Task Each_takes_its_share_of_what_is_on_its_way()
    {
        await using var group = Group();
        var callers = Call(group, 0, 1);
        var first = await NextAsync();
        callers.AddRange(Call(group, 1, Least));
        var second = await NextAsync();
        callers.AddRange(Call(group, Least + 1, 4 * Least));
        first.Succeed();

        var third = await NextAsync();

        // Of those that wait and those that are being committed, one half.
        Assert.Equal(5 * Least / 2, third.Items.Count);
        second.Succeed();
        third.Succeed();
        await EndAsync(callers);
        Assert.Equal(Enumerable.Range(0, callers.Count), _commits.SelectMany(c => c.Items).Order());
    }

    [Fact]
    public async Task One_that_is_given_up_fails_nobody_who_came_once_it_had_begun()
    {
        await using var group = Group();
        var callers = Call(group, 0, 1);
        var first = await NextAsync();
        callers.AddRange(Call(group, 1, Least));
        var second = await NextAsync();
        var waiting = Call(group, 1_000, 3);
        second.Succeed();
        await Task.WhenAll(callers[1..]).WaitAsync(Patience, Cancellation);
        var later = Call(group, 2_000, 3);

        first.Fail(new AgentPersistenceException("away"));

        await Assert.ThrowsAsync<AgentPersistenceException>(() => callers[0].WaitAsync(Patience, Cancellation));
        var next = await NextAsync();
        next.Succeed();
        await EndAsync([.. waiting, .. later]);
        Assert.Equal([1_000, 1_001, 1_002, 2_000, 2_001, 2_002], next.Items);
    }

    [Fact]
    public async Task Disposing_waits_for_both()
    {
        var group = Group();
        var callers = Call(group, 0, 1);
        var first = await NextAsync();
        callers.AddRange(Call(group, 1, Least));
        var second = await NextAsync();

        var disposal = group.DisposeAsync().AsTask();
        first.Succeed();
        await Assert.ThrowsAsync<TimeoutException>(() => disposal.WaitAsync(TimeSpan.FromMilliseconds(50), Cancellation));
        second.Succeed();

        await disposal.WaitAsync(Patience, Cancellation);
        await Task.WhenAll(callers).WaitAsync(Patience, Cancellation);
    }

    private GroupCommit<int> Group() => new(
        (items, _) =>
        {
            var commit = new HeldCommit([.. items]);
            lock (_commits)
            {
                _commits.Add(commit);
            }

            _begun.Release();
            return commit.Ended;
        },
        keepsThread: false,
        mostBeside: 2);

    private static List<Task> Call(GroupCommit<int> group, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(item => group.CommitAsync(item, 1, 1, Cancellation))];

    private async Task<HeldCommit> NextAsync()
    {
        Assert.True(await _begun.WaitAsync(Patience, Cancellation), "No commit began.");
        lock (_commits)
        {
            return _commits[^1];
        }
    }

    /// <summary>Lets all commits succeed until every caller has been answered.</summary>
    private async Task EndAsync(List<Task> callers)
    {
        var all = Task.WhenAll(callers);
        while (!all.IsCompleted)
        {
            HeldCommit[] commits;
            lock (_commits)
            {
                commits = [.. _commits];
            }

            Array.ForEach(commits, c => c.Succeed());
            await Task.WhenAny(all, Task.Delay(5, Cancellation));
        }

        await all;
    }

    private sealed class HeldCommit(IReadOnlyList<int> items)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<int> Items => items;

        public Task Ended => _ended.Task;

        public void Succeed() => _ended.TrySetResult();

        public void Fail(Exception exception) => _ended.TrySetException(exception);
    }
}
