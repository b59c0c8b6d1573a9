namespace AgentPersistence.Incidents;

/// <summary>The incidents that resemble a signal, and how that was judged.</summary>
public sealed record SimilarIncidents
{
    /// <summary>Which ranking answered.</summary>
    public IncidentRanking Ranking { get; init; }

    /// <summary>The incidents, the most similar first; of equal ones the one recorded last. Empty if none resembles the signal.</summary>
    public IReadOnlyList<SimilarIncident> Matches { get; init; } = [];

    /// <summary>
    /// Why <see cref="IncidentRanking.FullText"/> answered though <see cref="IncidentOptions.Embedding"/> is set: what that function threw,
    /// or what is wrong with its vector. Null where it did not fail.
    /// </summary>
    public Exception? EmbeddingFailure { get; init; }
}
