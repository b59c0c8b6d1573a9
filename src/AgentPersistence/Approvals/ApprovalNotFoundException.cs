namespace AgentPersistence.Approvals;

/// <summary>No approval has this id.</summary>
/// <param name="approvalId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ApprovalNotFoundException(Guid approvalId, Exception? innerException = null)
    : AgentPersistenceException($"There is no approval {approvalId}. Ask for it with CreateAsync.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid ApprovalId { get; } = approvalId;
}
