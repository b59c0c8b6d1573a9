namespace AgentPersistence.Internal.GroupCommit;

/// <summary>The rows that one caller wants appended, all or none, and what became of them.</summary>
internal sealed class RowAppend<TRow>(IReadOnlyList<TRow> rows)
    where TRow : class
{
    public IReadOnlyList<TRow> Rows => rows;

    /// <summary>
    /// One stored row for each, in order: the row itself, or the earlier one that has its key. Set by the append, unless it is refused.
    /// </summary>
    public TRow[] Stored { get; } = new TRow[rows.Count];

    /// <summary>Why nothing of this was stored, where trying again is of no use; null otherwise.</summary>
    public AgentPersistenceException? Refusal { get; set; }

    /// <summary>Whether somebody's transaction was in the way, so that nothing was stored yet.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Whether an earlier attempt may have stored the rows although its answer was lost.</summary>
    public bool MayBeStored { get; private set; }

    /// <summary>Forgets what an attempt before this one has found.</summary>
    public void Begin(bool isRepeat)
    {
        MayBeStored |= isRepeat;
        IsHeld = false;
        Refusal = null;
    }
}
