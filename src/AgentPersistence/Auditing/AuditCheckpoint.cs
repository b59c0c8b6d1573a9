namespace AgentPersistence.Auditing;

/// <summary>
/// The state of the log at one moment. Kept where the log's writers cannot reach it, it reveals any later change at or below its
/// sequence.
/// </summary>
/// <param name="Sequence">The newest row's place in the chain; 0 for an empty log.</param>
/// <param name="Hash">That row's hash, in lower-case hexadecimal.</param>
/// <param name="CreatedAt">When the checkpoint was made, in UTC to the microsecond.</param>
public sealed record AuditCheckpoint(long Sequence, string Hash, DateTimeOffset CreatedAt);
