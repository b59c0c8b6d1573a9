namespace AgentPersistence.Approvals;

/// <summary>The approval is decided already, or expired. Nothing was stored.</summary>
/// <param name="approvalId">The approval's id.</param>
/// <param name="status">Where it stands.</param>
/// <param name="decidedBy">Who approved or rejected it; null for nobody.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ApprovalConflictException(
    Guid approvalId, ApprovalStatus status, string? decidedBy, Exception? innerException = null)
    : AgentPersistenceException(
        $"Approval {approvalId} is {status} already{(decidedBy is null ? "" : $", decided by '{decidedBy}'")}; nothing was stored. "
        + "An approval is decided once.",
        innerException)
{
    /// <summary>The approval's id.</summary>
    public Guid ApprovalId { get; } = approvalId;

    /// <summary>Where it stands; <see cref="ApprovalStatus.Expired"/> past its expiry.</summary>
    public ApprovalStatus Status { get; } = status;

    /// <summary>Who approved or rejected it; null for nobody.</summary>
    public string? DecidedBy { get; } = decidedBy;
}
