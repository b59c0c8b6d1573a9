namespace AgentPersistence.Auditing.Storage;

/// <summary>A row of <c>agent_audit_log</c>.</summary>
internal sealed class AuditEntryEntity : AuditRow
{
    /// <summary>The row's place in the chain, gap-free from 1.</summary>
    public long Sequence { get; init; }

    /// <summary>The entry that records the erasure of this row; null unless erased.</summary>
    public Guid? ErasedBy { get; init; }

    /// <summary>SHA-256 over the hash of the row before and this row.</summary>
    public required byte[] Hash { get; init; }
}
