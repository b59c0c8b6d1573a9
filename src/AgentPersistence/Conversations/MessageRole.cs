namespace AgentPersistence.Conversations;

/// <summary>Who speaks in a message.</summary>
public enum MessageRole
{
    /// <summary>A person.</summary>
    User,

    /// <summary>The agent.</summary>
    Assistant,

    /// <summary>The host: instructions, notices.</summary>
    System,

    /// <summary>A tool: what a call of it gave back.</summary>
    Tool,
}
