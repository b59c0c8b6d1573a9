namespace AgentPersistence.Incidents;

/// <summary>What an answer about similar incidents was ranked by.</summary>
public enum IncidentRanking
{
    /// <summary>By the words that the signals share, rare ones counting more.</summary>
    FullText,

    /// <summary>By the cosine between the signals' vectors.</summary>
    Vector,
}
