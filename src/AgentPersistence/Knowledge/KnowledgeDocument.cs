using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Knowledge;

/// <summary>A document as registered. Times are UTC, to the microsecond. Two are equal when their members are, JSON by its text.</summary>
public sealed record KnowledgeDocument
{
    private readonly JsonText _metadata;

    /// <summary>The document's id, a UUIDv7; it stays when the same file is registered again.</summary>
    public Guid Id { get; init; }

    /// <summary>The file's id where its content is kept.</summary>
    public string FileId { get; init; } = "";

    /// <summary>The title.</summary>
    public string Title { get; init; } = "";

    /// <summary>Where the document was taken from; null for unknown.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Where its content comes from; null for unknown.</summary>
    public KnowledgeContentType? ContentType { get; init; }

    /// <summary>Which assistant or topic it is for; null for none.</summary>
    public string? TopicCollection { get; init; }

    /// <summary>When its content was last taken in.</summary>
    public DateTimeOffset IngestedAt { get; init; }

    /// <summary>Whatever else is known about it, with its exact text; null for nothing.</summary>
    public JsonElement? Metadata { get => _metadata.Element; init => _metadata = new(value); }
}
