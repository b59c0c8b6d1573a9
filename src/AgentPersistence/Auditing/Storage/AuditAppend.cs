namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// What one caller wants appended, all or none, and what became of it. An entry whose idempotency key is logged already is answered
/// with the first entry's receipt; an outcome whose row has a successor already is refused.
/// </summary>
internal sealed class AuditAppend(AuditStagedEntity[] rows)
{
    public AuditStagedEntity[] Rows => rows;

    /// <summary>About how many bytes the rows send to the database.</summary>
    public long Size { get; } = SizeOf(rows);

    /// <summary>The lowest sequence of a row that one of these follows, by which a prune in between is noticed.</summary>
    public long Follows { get; init; } = long.MaxValue;

    /// <summary>One receipt for each row, in order; set by the append.</summary>
    public AuditReceipt[] Receipts { get; } = new AuditReceipt[rows.Length];

    /// <summary>Whether another outcome came first, so that nothing of this was stored.</summary>
    public bool IsRefused { get; set; }

    private static long SizeOf(AuditStagedEntity[] rows)
    {
        var size = 0L;
        foreach (var row in rows)
        {
            size += AuditRows.Size(row);
        }

        return size;
    }
}
