namespace AgentPersistence.Approvals;

/// <summary>The action that is about to be taken is not the one that was proposed. Nothing was consumed.</summary>
/// <param name="approvalId">The approval's id.</param>
/// <param name="expectedDigest">The digest of the action that was proposed.</param>
/// <param name="actualDigest">The digest of the action that was presented.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ApprovalActionMismatchException(
    Guid approvalId, string expectedDigest, string actualDigest, Exception? innerException = null)
    : AgentPersistenceException(
        $"Approval {approvalId} is for another action than the one presented; nothing was consumed. "
        + "Supersede it with the changed action, and wait for that decision.",
        innerException)
{
    /// <summary>The approval's id.</summary>
    public Guid ApprovalId { get; } = approvalId;

    /// <summary>The digest of the action that was proposed.</summary>
    public string ExpectedDigest { get; } = expectedDigest;

    /// <summary>The digest of the action that was presented.</summary>
    public string ActualDigest { get; } = actualDigest;
}
