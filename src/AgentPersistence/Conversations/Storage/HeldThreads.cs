using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Conversations.Storage;

/// <summary>
/// Appends to threads that somebody's transaction holds. Each thread waits for itself, so nobody waits for a stranger, and all that
/// wait for one thread are committed together.
/// </summary>
internal sealed class HeldThreads(StoreExecutor executor) : IAsyncDisposable
{
    /// <summary>Of so many threads one connection each waits at a time; the others take turns with them.</summary>
    private const int MostConnections = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Lane> _lanes = [];
    private readonly SemaphoreSlim _turns = new(MostConnections);
    private bool _isDisposed;

    /// <summary>Whether somebody waits for the thread.</summary>
    public bool Contains(Guid threadId)
    {
        lock (_gate)
        {
            return _lanes.ContainsKey(threadId);
        }
    }

    /// <summary>Waits for the thread as long as calls are repeated. Cancelling withdraws the append between two tries.</summary>
    public async Task AppendAsync(MessageAppend append, CancellationToken cancellationToken)
    {
        // The bound is real time: a test's clock that stands still must not make this endless.
        var started = TimeProvider.System.GetTimestamp();
        var lane = Enter(append.ThreadId);
        try
        {
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                await lane.Commits.CommitAsync(append, append.Rows.Count, append.Size, cancellationToken).ConfigureAwait(false);
            }
            while (append.IsHeld && TimeProvider.System.GetElapsedTime(started) < executor.Options.RetryTimeout);
        }
        finally
        {
            await LeaveAsync(append.ThreadId, lane).ConfigureAwait(false);
        }

        if (append.IsHeld)
        {
            throw Failures.Unavailable(
                new TimeoutException("A transaction holds the thread."), append.MayBeStored, executor.Options.RetryTimeout);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Lane> lanes;
        lock (_gate)
        {
            _isDisposed = true;
            lanes = [.. _lanes.Values];
        }

        foreach (var lane in lanes)
        {
            await lane.Commits.DisposeAsync().ConfigureAwait(false);
        }

        _turns.Dispose();
    }

    private Lane Enter(Guid threadId)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(IConversationStore));
            if (!_lanes.TryGetValue(threadId, out var lane))
            {
                _lanes[threadId] = lane = new Lane(new GroupCommit<MessageAppend>(CommitAsync));
            }

            lane.Callers++;
            return lane;
        }
    }

    private async ValueTask LeaveAsync(Guid threadId, Lane lane)
    {
        lock (_gate)
        {
            if (--lane.Callers > 0)
            {
                return;
            }

            _lanes.Remove(threadId);
        }

        await lane.Commits.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CommitAsync(IReadOnlyList<MessageAppend> appends, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await executor.TransactAsync(
                async (unit, ct) =>
                {
                    await unit.Dialect.BoundLockWaitAsync(unit, ct).ConfigureAwait(false);
                    await AppendAsync(unit, appends, ct).ConfigureAwait(false);
                    return appends;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (StillHeldException)
        {
            foreach (var append in appends)
            {
                append.IsHeld = true;
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    private static async Task AppendAsync(UnitOfWork unit, IReadOnlyList<MessageAppend> appends, CancellationToken cancellationToken)
    {
        try
        {
            await MessageAppends.AppendAsync(unit, appends, unit.Dialect.LockThreads, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (unit.Dialect.IsLockTimeout(exception))
        {
            throw new StillHeldException(exception);
        }
    }

    /// <summary>What waits for one thread.</summary>
    private sealed class Lane(GroupCommit<MessageAppend> commits)
    {
        public GroupCommit<MessageAppend> Commits => commits;

        public int Callers { get; set; }
    }

    /// <summary>Ends a try without the executor repeating it: the turn goes to another thread.</summary>
    private sealed class StillHeldException(Exception innerException) : Exception(null, innerException);
}
