using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Sessions;

/// <summary>What to save in a session. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record SessionUpdate
{
    private readonly JsonText _state;

    /// <summary>The whole new state: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option).</summary>
    public required JsonElement State { get => _state.Element.GetValueOrDefault(); init => _state = new(value); }

    /// <summary>What the user wants now; null keeps what is stored. Free text of at most 255 characters.</summary>
    public string? CurrentIntent { get; init; }

    /// <summary>The version this state was made from; any other one is a conflict. Not negative.</summary>
    /// <value>The default is null: save over whatever is there.</value>
    public long? ExpectedVersion { get; init; }
}
