using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Conversations;

/// <summary>
/// What belongs to a message, or was made of it. Times are UTC, to the microsecond, by the database's clock. Two are equal when their
/// members are, JSON by its text.
/// </summary>
public sealed record MessageArtifact
{
    private readonly JsonText _content;

    /// <summary>The artifact's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>The message it belongs to.</summary>
    public Guid MessageId { get; init; }

    /// <summary>What it is.</summary>
    public ArtifactKind Kind { get; init; }

    /// <summary>The content itself, with its exact text; null where only <see cref="Uri"/> says where it is.</summary>
    public JsonElement? Content { get => _content.Element; init => _content = new(value); }

    /// <summary>Where the content is; null where it is here.</summary>
    public string? Uri { get; init; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last added or updated.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
