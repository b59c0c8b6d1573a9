namespace AgentPersistence.Interactions;

/// <summary>How an interaction ended.</summary>
public enum InteractionOutcome
{
    /// <summary>The assistant answered.</summary>
    Resolved,

    /// <summary>It was handed to a human.</summary>
    Escalated,
}
