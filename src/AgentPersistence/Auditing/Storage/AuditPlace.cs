namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// The place in the chain that a commit of this process hopes to take: behind the end that the last one left, or behind one that is
/// still on its way. Whoever comes next may be placed behind it before it is known to be taken.
/// </summary>
internal sealed class AuditPlace
{
    private readonly TaskCompletionSource<bool> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<object>? _unique;
    private AuditPlace? _before;

    private AuditPlace(AuditPlace? before, List<ChainedAuditRow> rows, HashSet<object>? unique) =>
        (_before, Rows, _unique) = (before, rows, unique);

    /// <summary>Where the chain ended without these rows.</summary>
    public AuditChainEnd Behind { get; private init; }

    public List<ChainedAuditRow> Rows { get; }

    public AuditChainEnd End => Rows.Count == 0 ? Behind : Rows[^1].End;

    /// <summary>Whether others may follow, because the rows are stored here; false where the chain went on otherwise.</summary>
    public Task<bool> IsTaken => _taken.Task;

    /// <summary>The place before this one, if that was not taken yet when this one was given.</summary>
    public AuditPlace? Before => _before;

    /// <summary>Where this process last knew the chain to end; null if it cannot say.</summary>
    public AuditChainEnd? Known { get; private set; }

    /// <summary>The place of whoever wrote with the head locked.</summary>
    /// <param name="end">Where that left the end.</param>
    /// <param name="mayBeFollowed">Whether nobody else is known to write, so that the end is likely to stay there.</param>
    public static AuditPlace At(AuditChainEnd end, bool mayBeFollowed)
    {
        var place = new AuditPlace(before: null, [], unique: null) { Behind = end };
        place.Settle(mayBeFollowed);
        return place;
    }

    /// <summary>All rows of a commit behind this place; null where two of them have one key or follow one row.</summary>
    public AuditPlace? Next(IReadOnlyList<AuditAppend> appends)
    {
        var (end, rows) = (End, new List<ChainedAuditRow>(appends.Count));
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
                rows.Add(next);
                end = next.End;
            }
        }

        return new AuditPlace(IsTaken.IsCompleted ? null : this, rows, unique) { Behind = End };
    }

    /// <summary>Whether a row has a key of this place's rows, or follows the same row: one would wait for the other's commit.</summary>
    public bool MayCollide(IReadOnlyList<AuditAppend> appends) => _unique is not null && appends.Any(a => a.Rows.Any(
        row => (row.IdempotencyKey is { } key && _unique.Contains(key)) || (row.PreviousId is { } previous && _unique.Contains(previous))));

    /// <summary>Says what became of it, once.</summary>
    public void Settle(bool isTaken)
    {
        Known = isTaken || _before is null ? (isTaken ? End : Behind) : _before.Known;
        _before = null;
        _taken.TrySetResult(isTaken);
    }

    /// <summary>Tells the callers where their rows are.</summary>
    public void Answer(IReadOnlyList<AuditAppend> appends)
    {
        var next = 0;
        foreach (var append in appends)
        {
            for (var i = 0; i < append.Rows.Length; i++, next++)
            {
                append.Receipts[i] = new AuditReceipt(Rows[next].Row.ActionId, Rows[next].Sequence, AlreadyLogged: false);
            }
        }
    }
}
