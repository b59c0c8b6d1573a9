using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Conversations;

/// <summary>A message as stored. Times are UTC, to the microsecond. Two are equal when their members are, JSON by its text.</summary>
public sealed record ChatMessage
{
    private readonly JsonText _rawPayload;

    /// <summary>The message's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>The thread it stands in.</summary>
    public Guid ThreadId { get; init; }

    /// <summary>Its place in the thread, gap-free from 1. This is the order of a conversation, never a time.</summary>
    public long Sequence { get; init; }

    /// <summary>Who speaks.</summary>
    public MessageRole Role { get; init; }

    /// <summary>What is said; null for none.</summary>
    public string? Text { get; init; }

    /// <summary>Who wrote it; null for nobody known.</summary>
    public string? AuthorUserId { get; init; }

    /// <summary>The platform's own id of the message; null for none.</summary>
    public string? PlatformMessageId { get; init; }

    /// <summary>What the platform delivered, with its exact text; null for none.</summary>
    public JsonElement? RawPayload { get => _rawPayload.Element; init => _rawPayload = new(value); }

    /// <summary>When it was handed to the store, by the writer's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Only from an append: whether this platform message id was stored before, so that the append stored nothing. False when read.
    /// </summary>
    public bool AlreadyStored { get; init; }
}
