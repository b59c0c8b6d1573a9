namespace AgentPersistence.Auditing;

/// <summary>The action cannot take this outcome any more: it is completed already. Nothing was logged.</summary>
/// <param name="entryId">The action's id.</param>
/// <param name="currentStatus">Where the action stands.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class AuditConflictException(Guid entryId, AuditStatus currentStatus, Exception? innerException = null)
    : AgentPersistenceException(
        $"Audit entry {entryId} is {currentStatus} and cannot take this outcome; nothing was logged. "
        + "Pending takes any outcome once; Success and Failure take RolledBack; RolledBack is final.",
        innerException)
{
    /// <summary>The action's id.</summary>
    public Guid EntryId { get; } = entryId;

    /// <summary>Where the action stands.</summary>
    public AuditStatus CurrentStatus { get; } = currentStatus;
}
