namespace AgentPersistence.Conversations.Storage;

/// <summary>A row of <c>agent_chat_messages</c>: everything is ready to be stored, only its place is given by the append.</summary>
internal sealed class ChatMessageEntity
{
    public Guid Id { get; init; }

    public Guid ThreadId { get; init; }

    /// <summary>The message's place in its thread, gap-free from 1.</summary>
    public long Sequence { get; set; }

    /// <summary>A <see cref="MessageRole"/>.</summary>
    public required string Role { get; init; }

    public string? Text { get; init; }

    public string? AuthorUserId { get; init; }

    public string? PlatformMessageId { get; init; }

    public string? RawPayload { get; init; }

    /// <summary>Tells whether a message that comes again under its platform id is the same.</summary>
    public required byte[] ContentHash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
