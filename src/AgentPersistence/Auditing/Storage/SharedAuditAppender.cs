using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Appends outside transactions: concurrent callers' rows go into one commit. While nobody else writes, this process knows where the
/// chain ends, and a commit is one statement; otherwise it is one transaction with the head locked. Who wrote last is the guess at who
/// writes next: a statement that waited for the head and found it moved would have waited in vain.
/// </summary>
internal sealed class SharedAuditAppender : IAuditAppender, IAsyncDisposable, IDisposable
{
    private readonly StoreExecutor _executor;
    private readonly GroupCommit<AuditAppend> _commits;

    /// <summary>Where the last commit of this process left the end. Only the loop of the commits touches it.</summary>
    private AuditChainEnd? _last;

    /// <summary>Whether nobody else has written since, as far as this process has seen.</summary>
    private bool _isAlone;

    public SharedAuditAppender(StoreExecutor executor)
    {
        _executor = executor;
        _commits = new GroupCommit<AuditAppend>(CommitAsync, executor.Dialect.RunsInProcess);
    }

    public Task AppendAsync(AuditAppend append, CancellationToken cancellationToken) =>
        _commits.CommitAsync(append, append.Rows.Length, append.Rows.Sum(AuditRows.Size), cancellationToken);

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task CommitAsync(IReadOnlyList<AuditAppend> appends, CancellationToken cancellationToken)
    {
        var (last, isAlone, mayBeStored) = (_last, _isAlone, false);
        (_last, _isAlone) = (null, false);
        if (isAlone && last is { } known
            && await TryAppendAtAsync(known, appends, () => mayBeStored = true, cancellationToken).ConfigureAwait(false) is { } newEnd)
        {
            (_last, _isAlone) = (newEnd, true);
            return;
        }

        var (before, now) = await _executor.TransactAsync(
            (unit, ct) => AuditChain.AppendAsync(unit, appends, ct), cancellationToken, mayBeStored).ConfigureAwait(false);
        (_last, _isAlone) = (now, last is not { } own || own.IsAt(before));
    }

    /// <summary>Appends in one statement; null where the head has moved, something is staged, what a row follows is pruned, or a row is a duplicate.</summary>
    private async Task<AuditChainEnd?> TryAppendAtAsync(
        AuditChainEnd end, IReadOnlyList<AuditAppend> appends, Action mayBeStored, CancellationToken cancellationToken)
    {
        if (Chain(end, appends) is not { } chained)
        {
            return null;
        }

        try
        {
            var isAppended = await _executor.WriteAsync(
                (unit, ct) =>
                {
                    if (unit.IsRepeat)
                    {
                        mayBeStored();
                        return Task.FromResult(false);
                    }

                    return unit.Dialect.TryAppendAuditAsync(unit, end, chained, appends.Min(a => a.Follows), ct);
                },
                cancellationToken).ConfigureAwait(false);
            if (!isAppended)
            {
                return null;
            }
        }
        catch (Exception exception) when (_executor.Dialect.IsDuplicate(exception))
        {
            return null;
        }

        Answer(appends, chained);
        return chained[^1].End;
    }

    /// <summary>All rows behind the end; null where two of them have one key or follow one row.</summary>
    private List<ChainedAuditRow>? Chain(AuditChainEnd end, IReadOnlyList<AuditAppend> appends)
    {
        if (!_executor.Dialect.StagesAuditEntries)
        {
            return null;
        }

        var chained = new List<ChainedAuditRow>(appends.Count);
        HashSet<object>? unique = null;
        foreach (var append in appends)
        {
            foreach (var row in append.Rows)
            {
                if ((row.IdempotencyKey is { } key && !(unique ??= []).Add(key))
                    || (row.PreviousId is { } previous && !(unique ??= []).Add(previous)))
                {
                    return null;
                }

                var next = end.Chain(row);
                chained.Add(next);
                end = next.End;
            }
        }

        return chained;
    }

    private static void Answer(IReadOnlyList<AuditAppend> appends, List<ChainedAuditRow> chained)
    {
        var next = 0;
        foreach (var append in appends)
        {
            for (var i = 0; i < append.Rows.Length; i++, next++)
            {
                append.Receipts[i] = new AuditReceipt(chained[next].Row.ActionId, chained[next].Sequence, AlreadyLogged: false);
            }
        }
    }
}
