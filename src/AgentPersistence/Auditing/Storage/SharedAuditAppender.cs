using System.Runtime.CompilerServices;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Appends outside transactions: concurrent callers' rows go into one commit. While nobody else writes, this process knows where the
/// chain will end: a commit is one statement, and the next one inserts its rows beside it and follows it. Otherwise it is one
/// transaction with the head locked. Who wrote last is the guess at who writes next. What guesses never waits for the head: whoever holds
/// it is about to move it, and may need the place of rows that are inserted already.
/// </summary>
internal sealed class SharedAuditAppender : IAuditAppender, IAsyncDisposable, IDisposable
{
    // A commit that waits for the one before holds a connection, and places and keys that others may need.
    private static readonly TimeSpan MostBesideWait = TimeSpan.FromSeconds(1);

    private static readonly Task<int> Nothing = Task.FromResult(0);

    private readonly StoreExecutor _executor;
    private readonly GroupCommit<AuditAppend> _commits;

    /// <summary>Commits are placed one after the other.</summary>
    private readonly SemaphoreSlim _order = new(1);

    /// <summary>The last place; null if nothing is known of the chain's end.</summary>
    private volatile AuditPlace? _last;

    public SharedAuditAppender(StoreExecutor executor)
    {
        _executor = executor;
        _commits = new GroupCommit<AuditAppend>(CommitAsync, executor.Dialect.RunsInProcess, () => _last is { MayBeFollowed: true });
    }

    public ValueTask AppendAsync(AuditAppend append, CancellationToken cancellationToken) =>
        _commits.CommitAsync(append, append.Rows.Length, append.Size, cancellationToken);

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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AuditPlace?> PlaceAsync(IReadOnlyList<AuditAppend> appends)
    {
        if (_last is { MayBeFollowed: true } last
            && ((!last.IsTaken.IsCompleted && !last.MayCollide(appends)) || await last.IsTaken.ConfigureAwait(false)))
        {
            return last.Next(appends);
        }

        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(bool IsTaken, bool MayBeStored)> TryTakeAsync(
        AuditPlace place, IReadOnlyList<AuditAppend> appends, CancellationToken cancellationToken)
    {
        var (isTaken, mayBeStored) = (false, false);
        try
        {
            Task<int> TryAsync(UnitOfWork unit, CancellationToken ct)
            {
                mayBeStored |= unit.IsRepeat;
                return unit.IsRepeat ? Nothing : TryAppendAsync(unit, place, ct);
            }

            var stored = place.Before is null
                ? await _executor.WriteAsync(TryAsync, cancellationToken).ConfigureAwait(false)
                : await _executor.TransactAsync(
                    async (unit, ct) => await TryAsync(unit, ct).ConfigureAwait(false) is > 0 and var rows ? rows : throw new PlaceLostException(),
                    cancellationToken).ConfigureAwait(false);
            isTaken = stored > 0;
            if (isTaken)
            {
                place.Answer(appends);
            }
        }
        catch (Exception exception) when (exception is PlaceLostException || _executor.Dialect.IsDuplicate(exception))
        {
            // The rows are appended with the head locked.
        }
        finally
        {
            place.Settle(isTaken);
        }

        return (isTaken, mayBeStored);
    }

    /// <summary>Appends in one statement, or beside the commit before; returns 0 where the place was not taken.</summary>
    private static Task<int> TryAppendAsync(UnitOfWork unit, AuditPlace place, CancellationToken cancellationToken) => place.Before is { } before
        ? TryAppendBesideAsync(unit, place, before, cancellationToken)
        : unit.Dialect.TryAppendAuditAsync(unit, place.Behind, place.Rows, place.Follows, cancellationToken);

    /// <summary>Inserts the rows while the commit before is on its way, and advances the head once that has succeeded.</summary>
    private static async Task<int> TryAppendBesideAsync(
        UnitOfWork unit, AuditPlace place, AuditPlace before, CancellationToken cancellationToken)
    {
        try
        {
            await unit.Dialect.InsertAuditAsync(unit, place.Rows, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (unit.Dialect.IsLockTimeout(exception))
        {
            // Somebody else's rows stand there.
            return 0;
        }

        return await IsTakenSoonAsync(before).ConfigureAwait(false)
            ? await unit.Dialect.TryAdvanceAuditHeadAsync(unit, place.Behind, place.End, place.Follows, cancellationToken).ConfigureAwait(false)
            : 0;
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
        // The last one, if it is still on its way, would find the head locked, and have been in vain.
        var last = _last;
        if (last is not null)
        {
            await last.IsTaken.ConfigureAwait(false);
        }

        _last = null;
        var chained = await _executor.TransactAsync(
            (unit, ct) => AuditChain.AppendAsync(unit, appends, ct), cancellationToken, mayBeStored).ConfigureAwait(false);
        var isAlone = !chained.WasStaged && (last?.Known is not { } own || own.IsAt(chained.Before));
        _last = AuditPlace.At(chained.Now, mayBeFollowed: isAlone && _executor.Dialect.StagesAuditEntries);
    }

    /// <summary>Ends a transaction without the executor repeating it.</summary>
    private sealed class PlaceLostException : Exception;
}
