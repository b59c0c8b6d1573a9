namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// The place in the chain that a commit of this process hopes to take: behind the end that the last one left, or behind one that is
/// still on its way. Whoever comes next may be placed behind it before it is known to be taken.
/// </summary>
internal sealed class AuditPlace
{
    private readonly TaskCompletionSource<bool> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HashSet<object>? _unique;

    private AuditPlace(AuditChainEnd behind, List<ChainedAuditRow> rows, HashSet<object>? unique) =>
        (Behind, End, Rows, _unique) = (behind, rows.Count == 0 ? behind : rows[^1].End, rows, unique);

    /// <summary>Where the chain ended without these rows.</summary>
    public AuditChainEnd Behind { get; }

    /// <summary>Where it ends with them.</summary>
    public AuditChainEnd End { get; }

    /// <summary>The rows, until it is settled: what they hold must not stay.</summary>
    public List<ChainedAuditRow> Rows { get; private set; }

    /// <summary>The lowest sequence of a row that one of these follows, by which a prune in between is noticed.</summary>
    public long Follows { get; private init; } = long.MaxValue;

    /// <summary>Whether others may follow, because the rows are stored here; false where the chain went on otherwise.</summary>
    public Task<bool> IsTaken => _taken.Task;

    /// <summary>Whether that is so, or may still be.</summary>
    public bool MayBeFollowed => !IsTaken.IsCompleted || IsTaken.Result;

    /// <summary>The place before this one, if that was not taken yet when this one was given.</summary>
    public AuditPlace? Before { get; private set; }

    /// <summary>Where this process last knew the chain to end; null if it cannot say.</summary>
    public AuditChainEnd? Known { get; private set; }

    /// <summary>The place of whoever wrote with the head locked.</summary>
    /// <param name="end">Where that left the end.</param>
    /// <param name="mayBeFollowed">Whether nobody else is known to write, so that the end is likely to stay there.</param>
    public static AuditPlace At(AuditChainEnd end, bool mayBeFollowed)
    {
        var place = new AuditPlace(end, [], unique: null);
        place.Settle(mayBeFollowed);
        return place;
    }

    /// <summary>All rows of a commit behind this place; null where two of them have one key or follow one row.</summary>
    public AuditPlace? Next(IReadOnlyList<AuditAppend> appends)
    {
        var (end, rows, follows) = (End, new List<ChainedAuditRow>(appends.Count), long.MaxValue);
        foreach (var append in appends)
        {
            follows = Math.Min(follows, append.Follows);
            foreach (var row in append.Rows)
            {
                rows.Add(end.Chain(row));
                end = rows[^1].End;
            }
        }

        // One row alone is like no other.
        HashSet<object>? unique = rows.Count > 1 ? [] : null;
        return unique is null || rows.TrueForAll(r => TryAdd(r.Row, unique))
            ? new AuditPlace(End, rows, unique) { Before = IsTaken.IsCompleted ? null : this, Follows = follows }
            : null;
    }

    /// <summary>Whether a row has a key of this place's rows, or follows the same row: one would wait for the other's commit.</summary>
    public bool MayCollide(IReadOnlyList<AuditAppend> appends)
    {
        var (rows, unique) = (Rows, _unique);
        if (unique is null)
        {
            unique = [];
            rows.ForEach(r => TryAdd(r.Row, unique));
        }

        return unique.Count > 0 && appends.Any(a => a.Rows.Any(row => Contains(row, unique)));
    }

    /// <summary>Says what became of it, once.</summary>
    public void Settle(bool isTaken)
    {
        Known = isTaken ? End : Before is { } before ? before.Known : Behind;
        (Before, Rows, _unique) = (null, [], null);
        _taken.SetResult(isTaken);
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

    // Only one row of the log may have a key, and only one may follow a row.
    private static bool TryAdd(AuditRow row, HashSet<object> unique) =>
        (row.IdempotencyKey is not { } key || unique.Add(key)) && (row.PreviousId is not { } previous || unique.Add(previous));

    private static bool Contains(AuditRow row, HashSet<object> unique) =>
        (row.IdempotencyKey is { } key && unique.Contains(key)) || (row.PreviousId is { } previous && unique.Contains(previous));
}
