namespace AgentPersistence.Approvals;

/// <summary>There is an approval with this id already, for something else. Nothing was stored.</summary>
/// <param name="approvalId">The id that is taken.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class DuplicateApprovalException(Guid approvalId, Exception? innerException = null)
    : AgentPersistenceException(
        $"There is an approval {approvalId} already, with another proposal, action, thread, job or requester; nothing was stored. "
        + "An approval is never edited: supersede it, or ask for another one under an id of its own.",
        innerException)
{
    /// <summary>The id that is taken.</summary>
    public Guid ApprovalId { get; } = approvalId;
}
