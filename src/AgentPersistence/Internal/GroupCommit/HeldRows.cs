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
    private readonly Dictionary<string, int> _waiters = new(StringComparer.Ordinal);
    private readonly Func<TRow, object?>? _parent = table.Insert.Parent is { } parent ? table.Insert.Column(parent.Property).Value : null;
    private volatile bool _isDisposed;

    /// <summary>Whether somebody waits for a key or a parent of the append.</summary>
    public bool Contains(RowAppend<TRow> append)
    {
        lock (_gate)
        {
            return _waiters.Count > 0 && Needs(append).Any(_waiters.ContainsKey);
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
            foreach (var need in Needs(append))
            {
                if ((_waiters[need] = _waiters.GetValueOrDefault(need) + change) == 0)
                {
                    _waiters.Remove(need);
                }
            }
        }
    }

    /// <summary>
    /// What a stranger's transaction is likely to hold of an append: its keys or, where it has none, its parents. A parent is shared with
    /// many rows that can be stored, and only a deletion holds one.
    /// </summary>
    private IEnumerable<string> Needs(RowAppend<TRow> append)
    {
        var keys = append.Rows.Select(table.Key).OfType<string>().ToList();
        return keys.Count > 0 || _parent is null ? keys : append.Rows.Select(r => $"{_parent(r)}").Distinct();
    }
}
