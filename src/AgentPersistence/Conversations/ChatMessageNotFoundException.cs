namespace AgentPersistence.Conversations;

/// <summary>There is no message with this id, or no longer. Nothing was stored.</summary>
/// <param name="messageId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ChatMessageNotFoundException(Guid messageId, Exception? innerException = null)
    : AgentPersistenceException($"There is no message {messageId}, or its thread has been deleted; nothing was stored.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid MessageId { get; } = messageId;
}
