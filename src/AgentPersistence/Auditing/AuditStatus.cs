namespace AgentPersistence.Auditing;

/// <summary>Where an audited action stands.</summary>
public enum AuditStatus
{
    /// <summary>Started; its outcome follows with <see cref="IAuditLogger.CompleteAsync"/>.</summary>
    Pending,

    /// <summary>It succeeded. May still become <see cref="RolledBack"/>.</summary>
    Success,

    /// <summary>It failed. May still become <see cref="RolledBack"/>.</summary>
    Failure,

    /// <summary>Its effects were undone. Final.</summary>
    RolledBack,
}
