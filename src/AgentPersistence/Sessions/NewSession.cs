using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Sessions;

/// <summary>A session to create. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record NewSession
{
    private readonly JsonText _state;

    /// <summary>
    /// The session's id. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    /// <value>The default is null: the store makes a UUIDv7.</value>
    public string? Id { get; init; }

    /// <summary>
    /// Whose session it is; null for nobody's. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? UserId { get; init; }

    /// <summary>
    /// The state to start with: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for none, which differs
    /// from a JSON null.
    /// </summary>
    public JsonElement? State { get => _state.Element; init => _state = new(value); }

    /// <summary>What the user wants; null for unknown. Free text of at most 255 characters.</summary>
    public string? CurrentIntent { get; init; }

    /// <summary>
    /// How long the session lives after its last activity: every save slides the expiry by it. 1 millisecond to 36,500 days.
    /// </summary>
    /// <value>The default is null: the configured time to live.</value>
    public TimeSpan? TimeToLive { get; init; }
}
