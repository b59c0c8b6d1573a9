using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Conversations;

/// <summary>A message to append. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record NewMessage
{
    private readonly JsonText _rawPayload;

    /// <summary>Who speaks.</summary>
    public required MessageRole Role { get; init; }

    /// <summary>What is said; null for none. Free text: U+0000 and lone surrogates become U+FFFD.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// Who wrote it; null for nobody known. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? AuthorUserId { get; init; }

    /// <summary>
    /// The platform's own id of the message, unique in its thread: appending it again stores nothing. Not blank, at most 255 characters,
    /// no control characters, well-formed UTF-16.
    /// </summary>
    /// <value>The default is null: every append stores a message.</value>
    public string? PlatformMessageId { get; init; }

    /// <summary>
    /// What the platform delivered: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for none, which differs
    /// from a JSON null.
    /// </summary>
    public JsonElement? RawPayload { get => _rawPayload.Element; init => _rawPayload = new(value); }
}
