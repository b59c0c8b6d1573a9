namespace AgentPersistence.Auditing;

/// <summary>The result of verifying the audit log.</summary>
/// <param name="IsIntact">Whether every row that was checked is what was logged.</param>
/// <param name="Verified">How many rows were checked.</param>
/// <param name="FirstBadSequence">Where the first fault is; null when intact, or when the fault has no row.</param>
/// <param name="Reason">What is wrong there; null when intact. <c>pruned</c>: the checkpoint is below the pruned part.</param>
public sealed record AuditVerification(bool IsIntact, long Verified, long? FirstBadSequence, string? Reason);
