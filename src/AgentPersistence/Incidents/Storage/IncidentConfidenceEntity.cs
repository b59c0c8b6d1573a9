namespace AgentPersistence.Incidents.Storage;

/// <summary>A row of <c>agent_confidence_history</c>.</summary>
internal sealed class IncidentConfidenceEntity
{
    public Guid Id { get; init; }

    public required string SignalCluster { get; init; }

    /// <summary>SHA-256 of the signal cluster in UTF-8, because an index cannot hold a text of any length.</summary>
    public required byte[] SignalHash { get; init; }

    public double Confidence { get; init; }

    public string? Cause { get; init; }

    public Guid? IncidentId { get; init; }

    public DateTimeOffset RecordedAt { get; init; }
}
