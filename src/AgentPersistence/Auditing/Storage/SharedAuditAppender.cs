using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Appends outside transactions: concurrent callers' rows go into one commit. While nobody else writes, this process knows where the
/// chain will end: a commit is one statement, and the next one inserts its rows beside it and follows it. Otherwise it is one
/// transaction with the head locked, and no other is on its way. Who wrote last is the guess at who writes next: a statement that waited
/// for the head and found it moved would have waited in vain.
/// </summary>
internal sealed class SharedAuditAppender : IAuditAppender, IAsyncDisposable, IDisposable
{
    // What waits for a commit before it holds a connection and keys that others may need: it waits only while that is likely to succeed.
    private static readonly TimeSpan MostBesideWait = TimeSpan.FromSeconds(1);

    private readonly StoreExecutor _executor;
    private readonly GroupCommit<AuditAppend> _commits;

    /// <summary>Commits are placed one after the other.</summary>
    private readonly SemaphoreSlim _order = new(1);

    /// <summary>The last place; null if nothing is known of the chain's end.</summary>
    private AuditPlace? _last;

    public SharedAuditAppender(StoreExecutor executor)
    {
        _executor = executor;
        _commits = new GroupCommit<AuditAppend>(
            CommitAsync, executor.Dialect.RunsInProcess, mostBeside: executor.Dialect.StagesAuditEntries ? 2 : 1);
    }

    public Task AppendAsync(AuditAppend append, CancellationToken cancellationToken) =>
        _commits.CommitAsync(append, append.Rows.Length, append.Rows.Sum(AuditRows.Size), cancellationToken);

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync().ConfigureAwait(false);
        _order.Dispose();
    }

    private async Task CommitAsync(IReadOnlyList<AuditAppend> appends, CancellationToken cancellationToken)
    {
        AuditPlace? place;
        await _order.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            place = await PlaceAsync(appends).ConfigureAwait(false);
            if (place is null)
            {
                await AppendAtHeadAsync(appends, mayBeStored: false, cancellationToken).ConfigureAwait(false);
                return;
            }

            _last = place;
        }
        finally
        {
            _order.Release();
        }

        var (isTaken, mayBeStored) = await TryTakeAsync(place, appends, cancellationToken).ConfigureAwait(false);
        if (isTaken)
        {
            return;
        }

        await _order.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await AppendAtHeadAsync(appends, mayBeStored, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _order.Release();
        }
    }

    /// <summary>Finds the place behind the last one; null where the rows can only be appended with the head locked.</summary>
    private async Task<AuditPlace?> PlaceAsync(IReadOnlyList<AuditAppend> appends)
    {
        if (!_executor.Dialect.StagesAuditEntries || _last is not { } last)
        {
            return null;
        }

        var mayFollow = !last.IsTaken.IsCompleted && !last.MayCollide(appends) || await last.IsTaken.ConfigureAwait(false);
        return mayFollow ? last.Next(appends) : null;
    }

    private async Task<(bool IsTaken, bool MayBeStored)> TryTakeAsync(
        AuditPlace place, IReadOnlyList<AuditAppend> appends, CancellationToken cancellationToken)
    {
        var (isTaken, mayBeStored) = (false, false);
        try
        {
            var follows = appends.Min(a => a.Follows);
            Task<bool> TryAsync(UnitOfWork unit, Func<Task<bool>> take)
            {
                mayBeStored |= unit.IsRepeat;
                return unit.IsRepeat ? Task.FromResult(false) : take();
            }

            isTaken = place.Before is null
                ? await _executor.WriteAsync(
                    (unit, ct) => TryAsync(unit, () => unit.Dialect.TryAppendAuditAsync(unit, place.Behind, place.Rows, follows, ct)),
                    cancellationToken).ConfigureAwait(false)
                : await _executor.TransactAsync(
                    async (unit, ct) => await TryAsync(unit, () => TryAppendBesideAsync(unit, place, follows, ct)).ConfigureAwait(false)
                        ? true : throw new PlaceLostException(),
                    cancellationToken).ConfigureAwait(false);
            if (isTaken)
            {
                place.Answer(appends);
            }
        }
        catch (Exception exception) when (exception is PlaceLostException || _executor.Dialect.IsDuplicate(exception))
        {
            isTaken = false;
        }
        finally
        {
            place.Settle(isTaken);
        }

        return (isTaken, mayBeStored);
    }

    /// <summary>Inserts the rows while the commit before is on its way, and advances the head once that has succeeded.</summary>
    private static async Task<bool> TryAppendBesideAsync(UnitOfWork unit, AuditPlace place, long follows, CancellationToken cancellationToken)
    {
        var before = place.Before!;
        await unit.Dialect.InsertAuditAsync(unit, place.Rows, cancellationToken).ConfigureAwait(false);
        return await IsTakenSoonAsync(before).ConfigureAwait(false)
            && await unit.Dialect.TryAdvanceAuditHeadAsync(unit, place.Behind, place.End, follows, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> IsTakenSoonAsync(AuditPlace place)
    {
        try
        {
            return await place.IsTaken.WaitAsync(MostBesideWait).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task AppendAtHeadAsync(IReadOnlyList<AuditAppend> appends, bool mayBeStored, CancellationToken cancellationToken)
    {
        // One that is on its way would find the head locked, and have been in vain.
        var last = _last;
        if (last is not null)
        {
            await last.IsTaken.ConfigureAwait(false);
        }

        _last = null;
        var (before, now) = await _executor.TransactAsync(
            (unit, ct) => AuditChain.AppendAsync(unit, appends, ct), cancellationToken, mayBeStored).ConfigureAwait(false);
        _last = AuditPlace.At(now, mayBeFollowed: last?.Known is not { } own || own.IsAt(before));
    }

    /// <summary>Ends a transaction without the executor repeating it.</summary>
    private sealed class PlaceLostException : Exception;
}
