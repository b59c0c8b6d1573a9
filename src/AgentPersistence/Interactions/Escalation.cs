namespace AgentPersistence.Interactions;

/// <summary>An escalation as recorded; it never changes, and goes with its interaction.</summary>
public sealed record Escalation
{
    /// <summary>The escalation's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The interaction that was escalated.</summary>
    public Guid InteractionId { get; init; }

    /// <summary>What triggered it.</summary>
    public string TriggerType { get; init; } = "";

    /// <summary>Why it was escalated.</summary>
    public string EscalationReason { get; init; } = "";

    /// <summary>When it was recorded, UTC, to the microsecond, by the database's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
