namespace AgentPersistence.Interactions;

/// <summary>Whom the assistant serves in an interaction.</summary>
public enum AssistantMode
{
    /// <summary>A customer.</summary>
    Customer,

    /// <summary>A banker.</summary>
    Banker,
}
