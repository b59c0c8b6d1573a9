using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Knowledge;

/// <summary>
/// A document to register, whole: what is null here is null afterwards. Two are equal when their members are, JSON by its text.
/// </summary>
public sealed record NewKnowledgeDocument
{
    private readonly JsonText _metadata;

    /// <summary>
    /// The file's id where its content is kept (at the model's provider, say). Not blank, at most 255 characters, no control characters,
    /// well-formed UTF-16.
    /// </summary>
    public required string FileId { get; init; }

    /// <summary>The title. Free text, not null.</summary>
    public required string Title { get; init; }

    /// <summary>Where the document was taken from; null for unknown. Free text.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Where its content comes from; null for unknown.</summary>
    public KnowledgeContentType? ContentType { get; init; }

    /// <summary>Which assistant or topic it is for; null for none. Free text of at most 255 characters.</summary>
    public string? TopicCollection { get; init; }

    /// <summary>When its content was taken in, kept in UTC to the microsecond.</summary>
    /// <value>The default is null: now, by the database's clock.</value>
    public DateTimeOffset? IngestedAt { get; init; }

    /// <summary>
    /// Whatever else is known about it: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for nothing, which
    /// differs from a JSON null.
    /// </summary>
    public JsonElement? Metadata { get => _metadata.Element; init => _metadata = new(value); }
}
