using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Sessions;

/// <summary>A session as stored. Times are UTC, to the microsecond. Two are equal when their members are, JSON by its text.</summary>
public sealed record AgentSession
{
    private readonly JsonText _state;

    /// <summary>The session's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Whose session it is; null for nobody's.</summary>
    public string? UserId { get; init; }

    /// <summary>The state as last saved, with its exact text; null if none was ever given.</summary>
    public JsonElement? State { get => _state.Element; init => _state = new(value); }

    /// <summary>What the user wants; null for unknown.</summary>
    public string? CurrentIntent { get; init; }

    /// <summary>Where it stands; <see cref="SessionStatus.Expired"/> from the moment of expiry.</summary>
    public SessionStatus Status { get; init; }

    /// <summary>1 when created, one more with every write.</summary>
    public long Version { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last created, saved or ended.</summary>
    public DateTimeOffset LastActivity { get; init; }

    /// <summary>When it expires unless it is saved before; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
