namespace AgentPersistence.Incidents;

/// <summary>A confidence as stored. Times are UTC, to the microsecond.</summary>
public sealed record ConfidenceRecord
{
    /// <summary>The cause that <see cref="IIncidentMemory.RecordAsync"/> gives.</summary>
    public const string IncidentRecorded = "incident_recorded";

    /// <summary>The record's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>The pattern it is about.</summary>
    public string SignalCluster { get; init; } = "";

    /// <summary>0 to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>Why it was this; null for unknown.</summary>
    public string? Cause { get; init; }

    /// <summary>The incident it came with; null for none.</summary>
    public Guid? IncidentId { get; init; }

    /// <summary>When it was appended.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}
