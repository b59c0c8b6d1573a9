namespace AgentPersistence.Interactions.Storage;

/// <summary>A row of <c>agent_escalations</c>.</summary>
internal sealed class EscalationEntity
{
    public Guid Id { get; init; }

    public Guid InteractionId { get; init; }

    public required string TriggerType { get; init; }

    public required string EscalationReason { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
