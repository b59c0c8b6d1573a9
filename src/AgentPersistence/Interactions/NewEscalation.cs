namespace AgentPersistence.Interactions;

/// <summary>An escalation of an interaction to record.</summary>
public sealed record NewEscalation
{
    /// <summary>
    /// The escalation's id. A caller that makes it (a UUIDv7 is best) may repeat the call, even from another process: there is one
    /// escalation. Not <see cref="Guid.Empty"/>.
    /// </summary>
    /// <value>The default is null: the store makes a UUIDv7.</value>
    public Guid? Id { get; init; }

    /// <summary>
    /// What triggered it, such as <c>human_only</c>, <c>low_confidence</c> or <c>insufficient_evidence</c>. Not blank, at most 255
    /// characters, no control characters, well-formed UTF-16.
    /// </summary>
    public required string TriggerType { get; init; }

    /// <summary>Why it was escalated. Free text, not null.</summary>
    public required string EscalationReason { get; init; }
}
