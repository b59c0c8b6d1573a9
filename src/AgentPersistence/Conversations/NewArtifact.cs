using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Conversations;

/// <summary>
/// An artifact to add: its content, where that is, or both. Two are equal when their members are, JSON compared by its text.
/// </summary>
public sealed record NewArtifact
{
    private readonly JsonText _content;

    /// <summary>What it is.</summary>
    public required ArtifactKind Kind { get; init; }

    /// <summary>
    /// The content itself: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null where <see cref="Uri"/> says
    /// where it is.
    /// </summary>
    public JsonElement? Content { get => _content.Element; init => _content = new(value); }

    /// <summary>
    /// Where the content is; null where it is here. Not blank, at most 2,048 characters, no control characters, well-formed UTF-16;
    /// otherwise it is the host's business.
    /// </summary>
    public string? Uri { get; init; }
}
