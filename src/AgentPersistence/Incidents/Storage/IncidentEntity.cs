namespace AgentPersistence.Incidents.Storage;

/// <summary>A row of <c>agent_incidents</c>. What a search reads stands first, so that a row's long values stay unread.</summary>
internal sealed class IncidentEntity
{
    /// <summary>Numbers the rows as they come, with gaps: what the full-text index refers to, and what a search takes for age.</summary>
    public long SearchKey { get; init; }

    public Guid Id { get; init; }

    /// <summary>The <see cref="IncidentTerms"/> of the signal cluster, with one blank between two.</summary>
    public required string SearchTerms { get; init; }

    /// <summary><see cref="IncidentTerms.Length"/> of the same.</summary>
    public long SearchLength { get; init; }

    public double Confidence { get; init; }

    /// <summary>An <see cref="IncidentOutcome"/>.</summary>
    public required string Outcome { get; init; }

    public string? RootCause { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Identifies the write that made the row what it is, so that a write whose answer was lost finds itself again.</summary>
    public Guid WriteId { get; init; }

    public required string SignalCluster { get; init; }

    public string? ActionTaken { get; init; }

    /// <summary>An <see cref="EmbeddingVector"/>.</summary>
    public byte[]? Embedding { get; set; }
}
