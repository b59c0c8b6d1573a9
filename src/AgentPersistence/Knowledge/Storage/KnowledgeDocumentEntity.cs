namespace AgentPersistence.Knowledge.Storage;

/// <summary>A row of <c>agent_knowledge_documents</c>.</summary>
internal sealed class KnowledgeDocumentEntity
{
    public Guid Id { get; init; }

    public required string FileId { get; init; }

    public required string Title { get; init; }

    public string? SourceUrl { get; init; }

    /// <summary>A <see cref="KnowledgeContentType"/>.</summary>
    public string? ContentType { get; init; }

    public string? TopicCollection { get; init; }

    public DateTimeOffset IngestedAt { get; init; }

    public string? Metadata { get; init; }
}
