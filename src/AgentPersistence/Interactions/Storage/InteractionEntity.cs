namespace AgentPersistence.Interactions.Storage;

/// <summary>A row of <c>agent_interactions</c>.</summary>
internal sealed class InteractionEntity
{
    public Guid Id { get; init; }

    public DateTimeOffset Timestamp { get; init; }

    /// <summary>An <see cref="Interactions.AssistantMode"/>.</summary>
    public required string AssistantMode { get; init; }

    public string? SessionId { get; init; }

    public required string UserQuery { get; init; }

    public string? IntentName { get; init; }

    /// <summary>An <see cref="Interactions.IntentCategory"/>.</summary>
    public string? IntentCategory { get; init; }

    public string? ClassificationReason { get; init; }

    public bool Step1IntentCompleted { get; init; }

    public string? Step2RoutingDecision { get; init; }

    public bool Step3RetrievalPerformed { get; init; }

    public bool Step4ResponseGenerated { get; init; }

    public double? Step5ConfidenceScore { get; init; }

    public bool Step6EscalationTriggered { get; init; }

    /// <summary>An <see cref="InteractionOutcome"/>.</summary>
    public required string Outcome { get; init; }

    public double? ConfidenceScore { get; init; }

    public string? EscalationReason { get; init; }

    public string? ResponseText { get; init; }

    public string? Citations { get; init; }

    public int? RetrievedChunksCount { get; init; }

    public int? ProcessingTimeMs { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
