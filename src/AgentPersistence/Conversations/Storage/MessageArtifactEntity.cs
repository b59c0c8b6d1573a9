namespace AgentPersistence.Conversations.Storage;

/// <summary>A row of <c>agent_message_artifacts</c>.</summary>
internal sealed class MessageArtifactEntity
{
    public Guid Id { get; init; }

    public Guid MessageId { get; init; }

    /// <summary>An <see cref="ArtifactKind"/>.</summary>
    public required string Kind { get; init; }

    public string? ContentJson { get; init; }

    public string? Uri { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Identifies the write that made the row what it is, so that a write whose answer was lost finds itself again.</summary>
    public Guid WriteId { get; init; }
}
