using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Interactions;

/// <summary>
/// An interaction as logged; it never changes. Times are UTC, to the microsecond. Two are equal when their members are, JSON by its text.
/// </summary>
public sealed record Interaction
{
    private readonly JsonText _citations;

    /// <summary>The interaction's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Whom the assistant served.</summary>
    public AssistantMode AssistantMode { get; init; }

    /// <summary>The conversation it belongs to; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>What the user said.</summary>
    public string UserQuery { get; init; } = "";

    /// <summary>What the user wanted; null for unknown.</summary>
    public string? IntentName { get; init; }

    /// <summary>What may be done about it; null for unknown.</summary>
    public IntentCategory? IntentCategory { get; init; }

    /// <summary>Why it was classified so; null for not said.</summary>
    public string? ClassificationReason { get; init; }

    /// <summary>What the steps of the pipeline did.</summary>
    public InteractionSteps Steps { get; init; } = new();

    /// <summary>How it ended.</summary>
    public InteractionOutcome Outcome { get; init; }

    /// <summary>How confident the assistant was in the end, 0 to 1; null for unknown.</summary>
    public double? ConfidenceScore { get; init; }

    /// <summary>Why it was escalated; null for not said, or not escalated.</summary>
    public string? EscalationReason { get; init; }

    /// <summary>What the assistant answered; null for nothing.</summary>
    public string? ResponseText { get; init; }

    /// <summary>What the answer cites, with its exact text; null for nothing.</summary>
    public JsonElement? Citations { get => _citations.Element; init => _citations = new(value); }

    /// <summary>How many chunks were retrieved; null for unknown.</summary>
    public int? RetrievedChunksCount { get; init; }

    /// <summary>How long it took in milliseconds; null for unknown.</summary>
    public int? ProcessingTimeMs { get; init; }

    /// <summary>When it was logged, by the clock of the process that did.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
