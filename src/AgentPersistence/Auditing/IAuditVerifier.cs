namespace AgentPersistence.Auditing;

/// <summary>
/// Proves that the audit log is what was logged. The chain is not keyed: whoever can write every table can recompute it, so what
/// proves the past is a checkpoint that was kept elsewhere.
/// </summary>
public interface IAuditVerifier
{
    /// <summary>Recomputes the chain in one snapshot, streaming, and stops at the first fault.</summary>
    /// <param name="fromSequence">
    /// The first row to check, from 1; the stored hash of the row before it is trusted. A start inside the pruned part begins after it.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether the log is intact, and otherwise the first bad sequence and why.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fromSequence"/> is below 1.</exception>
    Task<AuditVerification> VerifyAsync(long fromSequence = 1, CancellationToken cancellationToken = default);

    /// <summary>Reads the newest row's sequence and hash, to be kept elsewhere. Writes nothing to the log.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The checkpoint.</returns>
    Task<AuditCheckpoint> CreateCheckpointAsync(CancellationToken cancellationToken = default);

    /// <summary>Verifies the log against a checkpoint: reveals any change, cut or rewrite at or below its sequence.</summary>
    /// <param name="checkpoint">A checkpoint of this log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The result; not intact, reason <c>pruned</c>, when the checkpoint is below the pruned part.</returns>
    /// <exception cref="ArgumentException">The checkpoint's sequence is negative, or its hash is not a SHA-256 in hexadecimal.</exception>
    Task<AuditVerification> VerifyAgainstAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken = default);
}
