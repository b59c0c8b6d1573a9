using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Incidents;

/// <summary>How an incident went. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record IncidentUpdate
{
    private readonly JsonText _actionsTaken;

    /// <summary>How it went.</summary>
    public required IncidentOutcome Outcome { get; init; }

    /// <summary>
    /// What was done, replacing what is stored: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null keeps what is
    /// stored; a JSON null is stored as such.
    /// </summary>
    public JsonElement? ActionsTaken { get => _actionsTaken.Element; init => _actionsTaken = new(value); }
}
