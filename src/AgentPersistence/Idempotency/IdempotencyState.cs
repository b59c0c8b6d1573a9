namespace AgentPersistence.Idempotency;

/// <summary>Where the operation under a key stands.</summary>
public enum IdempotencyState
{
    /// <summary>Claimed, and running as far as anybody knows.</summary>
    InProgress,

    /// <summary>Done; its result is replayed until it expires.</summary>
    Completed,

    /// <summary>Failed for good; its error is replayed until it expires.</summary>
    Failed,

    /// <summary>Given back without an outcome; may be claimed again.</summary>
    Released,

    /// <summary>A crash left it unknown whether it ran. Never expires.</summary>
    Indeterminate,
}
