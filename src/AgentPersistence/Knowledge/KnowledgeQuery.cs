namespace AgentPersistence.Knowledge;

/// <summary>Which documents to read. Every member that is set must match; texts match exactly, by bytes.</summary>
public sealed record KnowledgeQuery
{
    /// <summary>Only documents whose content comes from there; null for any.</summary>
    public KnowledgeContentType? ContentType { get; init; }

    /// <summary>Only this collection; null for any. At most 255 characters.</summary>
    public string? TopicCollection { get; init; }

    /// <summary>
    /// The last document of the page before, as it was read: its ingestion time and id are where the next page goes on. Null starts at
    /// the beginning.
    /// </summary>
    public KnowledgeDocument? After { get; init; }

    /// <summary>How many documents to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
