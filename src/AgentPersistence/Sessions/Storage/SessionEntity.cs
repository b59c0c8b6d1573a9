namespace AgentPersistence.Sessions.Storage;

/// <summary>A row of <c>agent_sessions</c>.</summary>
internal sealed class SessionEntity
{
    public required string Id { get; init; }

    public string? UserId { get; init; }

    public string? State { get; init; }

    public string? CurrentIntent { get; init; }

    /// <summary>A <see cref="SessionStatus"/>; a session past its expiry may still say active here.</summary>
    public required string Status { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastActivity { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>In microseconds; every save slides the expiry by it.</summary>
    public long? TimeToLive { get; init; }

    /// <summary>Identifies the write that made the row what it is, so that a write whose answer was lost finds itself again.</summary>
    public Guid WriteId { get; init; }
}
