namespace AgentPersistence.Auditing;

/// <summary>The result of verifying the audit log.</summary>
/// <param name="IsIntact">Whether every row that was checked is what was logged.</param>
/// <param name="Verified">How many rows were checked before the first fault.</param>
/// <param name="FirstBadSequence">
/// Where the first fault is: every row that was checked below it is intact. Null when intact, or when the fault has no row.
/// </param>
/// <param name="Reason">What is wrong there: one of the members of <see cref="AuditFault"/>; null when intact.</param>
public sealed record AuditVerification(bool IsIntact, long Verified, long? FirstBadSequence, string? Reason);
