namespace AgentPersistence.Conversations;

/// <summary>A conversation: one chat of one platform. Times are UTC, to the microsecond.</summary>
public sealed record ChatThread
{
    /// <summary>The thread's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>Where it takes place, <c>telegram</c> for example.</summary>
    public string Platform { get; init; } = "";

    /// <summary>The platform's own id of the chat.</summary>
    public string ChatId { get; init; } = "";

    /// <summary>The sequence of its newest message, which is also how many there are; 0 for none.</summary>
    public long HeadSequence { get; init; }

    /// <summary>When it was created, by the database's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last created, touched or appended to, by the database's clock.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
