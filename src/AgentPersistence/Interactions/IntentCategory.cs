namespace AgentPersistence.Interactions;

/// <summary>What may be done about an intent.</summary>
public enum IntentCategory
{
    /// <summary>The assistant may answer by itself.</summary>
    Automatable,

    /// <summary>The assistant may answer with care.</summary>
    Sensitive,

    /// <summary>Only a human may answer.</summary>
    HumanOnly,
}
