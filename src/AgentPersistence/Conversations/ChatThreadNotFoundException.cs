namespace AgentPersistence.Conversations;

/// <summary>There is no thread with this id, or no longer. Nothing was stored.</summary>
/// <param name="threadId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ChatThreadNotFoundException(Guid threadId, Exception? innerException = null)
    : AgentPersistenceException(
        $"There is no thread {threadId}, or it has been deleted; nothing was stored. Get or create it by platform and chat id.",
        innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid ThreadId { get; } = threadId;
}
