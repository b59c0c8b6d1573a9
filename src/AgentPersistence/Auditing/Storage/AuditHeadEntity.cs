namespace AgentPersistence.Auditing.Storage;

/// <summary>The one row of <c>agent_audit_head</c>: where the chain ends, and where it now begins.</summary>
internal sealed class AuditHeadEntity
{
    /// <summary>Always 1.</summary>
    public short Id { get; init; }

    /// <summary>The newest row's place; 0 for an empty log.</summary>
    public long Sequence { get; init; }

    /// <summary>The newest row's hash; zeros for an empty log.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The last row that was pruned; 0 for none.</summary>
    public long PrunedSequence { get; init; }

    /// <summary>The hash of the last row that was pruned; zeros for none.</summary>
    public required byte[] PrunedHash { get; init; }
}
