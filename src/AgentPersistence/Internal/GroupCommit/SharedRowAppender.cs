using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Appends outside transactions: concurrent callers' rows go into one commit, and a caller alone pays one round trip. A commit that
/// meets a stranger's transaction is given up soon, and its rows are sent one by one, each waiting only for itself.
/// </summary>
internal sealed class SharedRowAppender<TRow> : IRowAppender<TRow>, IAsyncDisposable, IDisposable
    where TRow : class
{
    private readonly StoreExecutor _executor;
    private readonly AppendTable<TRow> _table;
    private readonly RowAppends<TRow> _appends;
    private readonly GroupCommit<RowAppend<TRow>> _commits;
    private readonly HeldRows<TRow> _held;

    public SharedRowAppender(StoreExecutor executor, AppendTable<TRow> table)
    {
        (_executor, _table, _appends) = (executor, table, new RowAppends<TRow>(table));
        _commits = new GroupCommit<RowAppend<TRow>>(CommitAsync, executor.Dialect.RunsInProcess);
        _held = new HeldRows<TRow>(table, CommitAsync, executor.Options.RetryTimeout);
    }

    public async Task AppendAsync(RowAppend<TRow> append, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(append, cancellationToken).ConfigureAwait(false);
        }
        catch (AgentPersistenceException exception) when (append.MayBeStored && exception is not WriteInDoubtException)
        {
            // The try that failed knows nothing of those before it.
            throw Failures.Unavailable(exception, mayBeStored: true, _executor.Options.RetryTimeout);
        }
    }

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync().ConfigureAwait(false);
        await _held.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SendAsync(RowAppend<TRow> append, CancellationToken cancellationToken)
    {
        // Who needs what others wait for waits with them: in a shared commit it would hold everybody up.
        if (!_held.Contains(append))
        {
            await _commits.CommitAsync(append, append.Rows.Count, Size(append), cancellationToken).ConfigureAwait(false);
            if (!append.IsHeld)
            {
                return;
            }
        }

        await _held.AppendAsync(append, cancellationToken).ConfigureAwait(false);
    }

    private long Size(RowAppend<TRow> append)
    {
        var size = 0L;
        foreach (var row in append.Rows)
        {
            size += _table.Size(row);
        }

        return size;
    }

    private async Task CommitAsync(IReadOnlyList<RowAppend<TRow>> appends, CancellationToken cancellationToken)
    {
        try
        {
            // One statement is all or none by itself, unless it stores one row of a caller and skips another.
            _ = appends.Any(_table.CanBeDivided)
                ? await _executor.TransactAsync((unit, ct) => AppendAsync(unit, appends, ct), cancellationToken).ConfigureAwait(false)
                : await _executor.WriteAsync((unit, ct) => AppendAsync(unit, appends, ct), cancellationToken).ConfigureAwait(false);
        }
        catch (HeldException)
        {
            foreach (var append in appends)
            {
                append.IsHeld = true;
            }
        }
    }

    private async Task<bool> AppendAsync(UnitOfWork unit, IReadOnlyList<RowAppend<TRow>> appends, CancellationToken cancellationToken)
    {
        try
        {
            await _appends.AppendAsync(unit, appends, boundsWait: true, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (unit.Dialect.IsLockTimeout(exception))
        {
            throw new HeldException(exception);
        }
    }

    /// <summary>Ends a try without the executor repeating it.</summary>
    private sealed class HeldException(Exception innerException) : Exception(null, innerException);
}
