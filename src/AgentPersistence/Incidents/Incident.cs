using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Incidents;

/// <summary>An incident as stored. Times are UTC, to the microsecond. Two are equal when their members are, JSON by its text.</summary>
public sealed record Incident
{
    private readonly JsonText _actionsTaken;

    /// <summary>The incident's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The pattern that was detected.</summary>
    public string SignalCluster { get; init; } = "";

    /// <summary>The diagnosis; null for none.</summary>
    public string? RootCause { get; init; }

    /// <summary>How sure the diagnosis was when it was recorded: 0 to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>What was done, with its exact text; null for none.</summary>
    public JsonElement? ActionsTaken { get => _actionsTaken.Element; init => _actionsTaken = new(value); }

    /// <summary>How it went, as far as that is known.</summary>
    public IncidentOutcome Outcome { get; init; }

    /// <summary>Whether a vector is stored with it, so that it can be found by <see cref="IncidentRanking.Vector"/>.</summary>
    public bool HasEmbedding { get; init; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was recorded, or its outcome last updated.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
