using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Tests.Internal.GroupCommit;

/// <summary>Two commits of a group that may run beside each other.</summary>
public sealed class CommitsBesideTests
{
    private const int Least = GroupCommit<int>.LeastRowsBeside;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<HeldCommit> _commits = [];
    private readonly SemaphoreSlim _begun = new(0);
    private bool _mayRunBeside = true;

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
    public async Task None_begins_beside_another_and_each_takes_all_while_that_may_not_be()
    {
        _mayRunBeside = false;
        await using var group = Group();
        var callers = Call(group, 0, 1);
        var first = await NextAsync();
        callers.AddRange(Call(group, 1, 5 * Least));
        Assert.False(await _begun.WaitAsync(TimeSpan.FromMilliseconds(50), Cancellation));

        first.Succeed();

        Assert.Equal(5 * Least, (await NextAsync()).Items.Count);
        await EndAsync(callers);
    }

    [Fact]
    public async Task Too_little_for_two_is_not_divided()
    {
        await using var group = Group();
        var callers = Call(group, 0, 1);
        var first = await NextAsync();
        _mayRunBeside = false;
        callers.AddRange(Call(group, 1, (2 * Least) - 2));
        _mayRunBeside = true;

        first.Succeed();

        Assert.Equal((2 * Least) - 2, (await NextAsync()).Items.Count);
        await EndAsync(callers);
    }

    [Fact]
    public async Task One_that_is_given_up_fails_nobody_who_came_once_it_had_begun_though_the_other_took_those_who_waited()
    {
        await using var group = Group();
        var callers = Call(group, 0, 1);
        var first = await NextAsync();
        callers.AddRange(Call(group, 1, Least));
        var second = await NextAsync();
        callers.AddRange(Call(group, Least + 1, 3 * Least));
        first.Succeed();
        var third = await NextAsync();
        second.Succeed();
        var fourth = await NextAsync();
        var later = Call(group, 1_000, 3);

        third.Fail(new AgentPersistenceException("away"));

        foreach (var item in third.Items)
        {
            await Assert.ThrowsAsync<AgentPersistenceException>(() => callers[item].WaitAsync(Patience, Cancellation));
        }

        Assert.Equal(4 * Least, third.Items.Count + fourth.Items.Count + Least);
        await EndAsync([.. fourth.Items.Select(item => callers[item]), .. later]);
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
        mayRunBeside: () => _mayRunBeside);

    private static List<Task> Call(GroupCommit<int> group, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(item => group.CommitAsync(item, 1, 1, Cancellation).AsTask())];

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
