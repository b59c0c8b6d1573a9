namespace AgentPersistence.Approvals;

/// <summary>The approval has been consumed by somebody else: its action was started there, and is not to be started again.</summary>
/// <param name="approvalId">The approval's id.</param>
/// <param name="consumedAt">When it was consumed.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ApprovalConsumedException(Guid approvalId, DateTimeOffset consumedAt, Exception? innerException = null)
    : AgentPersistenceException(
        $"Approval {approvalId} was consumed at {consumedAt:O}; it allows its action once. Nothing was stored.", innerException)
{
    /// <summary>The approval's id.</summary>
    public Guid ApprovalId { get; } = approvalId;

    /// <summary>When it was consumed.</summary>
    public DateTimeOffset ConsumedAt { get; } = consumedAt;
}
