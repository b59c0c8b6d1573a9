namespace AgentPersistence.Knowledge;

/// <summary>Where a document's content comes from.</summary>
public enum KnowledgeContentType
{
    /// <summary>Published by somebody.</summary>
    Public,

    /// <summary>Made up for the purpose.</summary>
    Synthetic,
}
