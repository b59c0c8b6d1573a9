namespace AgentPersistence.Incidents;

/// <summary>A confidence to append to the history.</summary>
public sealed record NewConfidence
{
    /// <summary>The pattern it is about. Free text: U+0000 and lone surrogates become U+FFFD.</summary>
    public required string SignalCluster { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>
    /// Why it is this now: an observation, a person's verdict, an outcome. Null for unknown. Free text of at most 255 characters.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>The incident it came with; null for none. Not checked.</summary>
    public Guid? IncidentId { get; init; }
}
