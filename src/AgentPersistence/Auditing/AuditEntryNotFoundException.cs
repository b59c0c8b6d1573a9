namespace AgentPersistence.Auditing;

/// <summary>No action has this id: it was never logged, or it was pruned.</summary>
/// <param name="entryId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class AuditEntryNotFoundException(Guid entryId, Exception? innerException = null)
    : AgentPersistenceException(
        $"There is no audit entry {entryId}. Pass the Id of the receipt that LogAsync returned; a pruned entry cannot be completed.",
        innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid EntryId { get; } = entryId;
}
