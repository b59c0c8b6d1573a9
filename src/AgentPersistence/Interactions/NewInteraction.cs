using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Interactions;

/// <summary>An interaction to log. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record NewInteraction
{
    private readonly JsonText _citations;

    /// <summary>When it happened, kept in UTC to the microsecond.</summary>
    /// <value>The default is null: now, by this process's clock.</value>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Whom the assistant served.</summary>
    public required AssistantMode AssistantMode { get; init; }

    /// <summary>
    /// The conversation it belongs to; null for none. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? SessionId { get; init; }

    /// <summary>What the user said. Free text, not null.</summary>
    public required string UserQuery { get; init; }

    /// <summary>What the user wanted; null for unknown. Free text of at most 255 characters.</summary>
    public string? IntentName { get; init; }

    /// <summary>What may be done about it; null for unknown.</summary>
    public IntentCategory? IntentCategory { get; init; }

    /// <summary>Why it was classified so; null for not said. Free text.</summary>
    public string? ClassificationReason { get; init; }

    /// <summary>What the steps of the pipeline did. Not null.</summary>
    public InteractionSteps Steps { get; init; } = new();

    /// <summary>How it ended.</summary>
    public required InteractionOutcome Outcome { get; init; }

    /// <summary>How confident the assistant was in the end, 0 to 1; null for unknown. Metrics use this one.</summary>
    public double? ConfidenceScore { get; init; }

    /// <summary>Why it was escalated; null for not said, or not escalated. Free text.</summary>
    public string? EscalationReason { get; init; }

    /// <summary>What the assistant answered; null for nothing. Free text.</summary>
    public string? ResponseText { get; init; }

    /// <summary>
    /// What the answer cites, usually an array of objects: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null
    /// for nothing, which differs from a JSON null.
    /// </summary>
    public JsonElement? Citations { get => _citations.Element; init => _citations = new(value); }

    /// <summary>How many chunks were retrieved, not negative; null for unknown.</summary>
    public int? RetrievedChunksCount { get; init; }

    /// <summary>How long it took in milliseconds, not negative; null for unknown.</summary>
    public int? ProcessingTimeMs { get; init; }
}
