namespace AgentPersistence.Auditing;

/// <summary>
/// Removes from the audit log what must not stay, without breaking its proof. Every call is itself audited, in the same commit. Needs
/// rights that the runtime role should not have.
/// </summary>
public interface IAuditMaintenance
{
    /// <summary>
    /// Removes the oldest rows, whole actions only: stops before the first action that has a row above the sequence.
    /// </summary>
    /// <param name="throughSequence">The last sequence that may go; at least 1.</param>
    /// <param name="cancellationToken">Cancels the call; batches already committed stay removed.</param>
    /// <returns>How many rows were removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="throughSequence"/> is below 1.</exception>
    Task<long> PruneAsync(long throughSequence, CancellationToken cancellationToken = default);

    /// <summary>
    /// Erases personal data (user id, JSON payloads, error text) for good; ids, names, times and hashes stay, and the log still
    /// verifies. Erasing again erases what has been logged since, by transactions that were open meanwhile too.
    /// </summary>
    /// <param name="what">Whose data.</param>
    /// <param name="cancellationToken">Cancels the call; what was committed stays erased.</param>
    /// <returns>How many rows were erased; 0 if there were none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="what"/> is null.</exception>
    Task<long> EraseAsync(AuditErasure what, CancellationToken cancellationToken = default);
}
