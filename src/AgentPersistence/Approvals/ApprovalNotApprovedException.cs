namespace AgentPersistence.Approvals;

/// <summary>The action is not allowed: its approval is not approved, or no longer. Nothing was consumed.</summary>
/// <param name="approvalId">The approval's id.</param>
/// <param name="status">Where it stands: anything but <see cref="ApprovalStatus.Approved"/>.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ApprovalNotApprovedException(Guid approvalId, ApprovalStatus status, Exception? innerException = null)
    : AgentPersistenceException(
        $"Approval {approvalId} is {status}, so its action must not be taken; nothing was consumed. {Advice(status)}",
        innerException)
{
    /// <summary>The approval's id.</summary>
    public Guid ApprovalId { get; } = approvalId;

    /// <summary>Where it stands; <see cref="ApprovalStatus.Expired"/> past its expiry.</summary>
    public ApprovalStatus Status { get; } = status;

    private static string Advice(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Pending => "Wait for the decision.",
        ApprovalStatus.Superseded => "Go on with the approval that replaces it.",
        ApprovalStatus.Expired => "Ask for a new one.",
        _ => "Give the action up.",
    };
}
