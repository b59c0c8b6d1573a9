namespace AgentPersistence.Conversations.Storage;

/// <summary>A row of <c>agent_chat_threads</c>.</summary>
internal sealed class ChatThreadEntity
{
    public Guid Id { get; init; }

    public required string Platform { get; init; }

    public required string ChatId { get; init; }

    /// <summary>The newest message's sequence; 0 for none. Whoever appends holds this row until its commit.</summary>
    public long HeadSequence { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
