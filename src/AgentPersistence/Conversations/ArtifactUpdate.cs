using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Conversations;

/// <summary>
/// What to set in an artifact. Only what is given is set, and something must be; null keeps what is stored. Two are equal when their
/// members are, JSON compared by its text.
/// </summary>
public sealed record ArtifactUpdate
{
    private readonly JsonText _content;

    /// <summary>
    /// The content, replaced as a whole: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null keeps what is
    /// stored; a JSON null is stored as such.
    /// </summary>
    public JsonElement? Content { get => _content.Element; init => _content = new(value); }

    /// <summary>
    /// Where the content is; null keeps what is stored. Not blank, at most 2,048 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? Uri { get; init; }
}
