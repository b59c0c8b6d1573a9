using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Appends after their shared commit met a stranger's transaction. Each is sent alone: most go through at once, and who really waits
/// for the stranger does so in short tries, on few connections that all take turns with.
/// </summary>
internal sealed class HeldRows<TRow>(
    AppendTable<TRow> table, Func<IReadOnlyList<RowAppend<TRow>>, CancellationToken, Task> commit, TimeSpan longest) : IAsyncDisposable
    where TRow : class
{
    private const int MostConnections = 8;

    private readonly SemaphoreSlim _turns = new(MostConnections);
    private readonly Lock _gate = new();
    private readonly Dictionary<object, int> _waiters = [];
    private volatile bool _isDisposed;

    /// <summary>Whether somebody waits for what the append needs.</summary>
    public bool Contains(RowAppend<TRow> append)
    {
        lock (_gate)
        {
            return _waiters.Count > 0 && append.Rows.Any(row => IsWaitedFor(table.Key(row)) || IsWaitedFor(Parent(row)));
        }
    }

    /// <summary>Waits as long as calls are repeated. Cancelling withdraws the append between two tries.</summary>
    public async Task AppendAsync(RowAppend<TRow> append, CancellationToken cancellationToken)
    {
        // The bound is real time: a test's clock that stands still must not make this endless.
        var started = TimeProvider.System.GetTimestamp();
        var isWaiting = false;
        try
        {
            while (!await TryAsync(append, cancellationToken).ConfigureAwait(false))
            {
                if (!isWaiting)
                {
                    isWaiting = true;
                    Count(append, 1);
                }

                if (TimeProvider.System.GetElapsedTime(started) >= longest)
                {
                    throw Failures.Unavailable(
                        new TimeoutException("A transaction holds what the row needs."), append.MayBeStored, longest);
                }
            }
        }
        finally
        {
            if (isWaiting)
            {
                Count(append, -1);
            }
        }
    }

    /// <summary>Waits for the tries that have begun; the others end.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        for (var i = 0; i < MostConnections; i++)
        {
            await _turns.WaitAsync().ConfigureAwait(false);
        }

        _turns.Release(MostConnections);
    }

    private async Task<bool> TryAsync(RowAppend<TRow> append, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(IAgentDatabase));
            await commit([append], CancellationToken.None).ConfigureAwait(false);
            return !append.IsHeld;
        }
        finally
        {
            _turns.Release();
        }
    }

    private void Count(RowAppend<TRow> append, int change)
    {
        lock (_gate)
        {
            foreach (var needed in Needed(append))
            {
                if ((_waiters[needed] = _waiters.GetValueOrDefault(needed) + change) == 0)
                {
                    _waiters.Remove(needed);
                }
            }
        }
    }

    private bool IsWaitedFor(object? needed) => needed is not null && _waiters.ContainsKey(needed);

    /// <summary>Its keys; the parents only where there are no keys, because otherwise these may well be free.</summary>
    private List<object> Needed(RowAppend<TRow> append)
    {
        List<object> keys = [.. append.Rows.Select(table.Key).OfType<string>()];
        return keys.Count > 0 ? keys : [.. append.Rows.Select(Parent).OfType<object>()];
    }

    private object? Parent(TRow row) => table.Insert.Parent is { } parent ? table.Insert.Column(parent.Property).Value(row) : null;
}
