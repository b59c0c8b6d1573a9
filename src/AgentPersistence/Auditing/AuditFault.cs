namespace AgentPersistence.Auditing;

/// <summary>The reasons that <see cref="AuditVerification.Reason"/> gives. None is ever renamed.</summary>
public static class AuditFault
{
    /// <summary>
    /// The row is not what was chained there: its content, its hash or its place was changed, or a row before it was hashed again.
    /// </summary>
    public const string Changed = "changed";

    /// <summary>There is no row with this sequence, although the chain goes on or the head says so.</summary>
    public const string Missing = "missing";

    /// <summary>The chain has no place for the row: its sequence is taken, or lies in the pruned part.</summary>
    public const string Inserted = "inserted";

    /// <summary>
    /// The row is of a format that this version of the library does not know: a newer version wrote it, or it was changed.
    /// </summary>
    public const string UnknownFormat = "unknown_format";

    /// <summary>The head is not that of the newest row: it was changed, or rows were added or re-hashed without it.</summary>
    public const string ForgedHead = "forged_head";

    /// <summary>
    /// The row is erased, but the entry that it names does not exist, does not come later, or does not record exactly the rows that
    /// name it; then this is the first of those rows, or the entry if there is none.
    /// </summary>
    public const string UnrecordedErase = "unrecorded_erase";

    /// <summary>Rows up to this sequence are gone as if they were pruned, but no entry in the chain says so.</summary>
    public const string UnrecordedPrune = "unrecorded_prune";

    /// <summary>The log ends before the checkpoint; this is the first row that is gone. Only against a checkpoint.</summary>
    public const string Cut = "cut";

    /// <summary>
    /// The chain is consistent but not the one that the checkpoint was made of: rows at or below its sequence were rewritten. Which
    /// one was the first cannot be known. Only against a checkpoint.
    /// </summary>
    public const string Rewritten = "rewritten";

    /// <summary>The checkpoint lies below the pruned part, so that nothing is left to compare it with. Only against a checkpoint.</summary>
    public const string Pruned = "pruned";
}
