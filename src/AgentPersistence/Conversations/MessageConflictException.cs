namespace AgentPersistence.Conversations;

/// <summary>
/// A message of this platform id is in the thread, or in the same call, with another role, text, author or payload. Nothing was stored.
/// </summary>
/// <param name="threadId">The thread's id.</param>
/// <param name="platformMessageId">The platform's id that is taken.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class MessageConflictException(Guid threadId, string platformMessageId, Exception? innerException = null)
    : AgentPersistenceException(
        $"Thread {threadId} has a message '{platformMessageId}' with another content; nothing was stored. A message is never changed: "
        + "append an edited one under an id of its own.",
        innerException)
{
    /// <summary>The thread's id.</summary>
    public Guid ThreadId { get; } = threadId;

    /// <summary>The platform's id that is taken.</summary>
    public string PlatformMessageId { get; } = platformMessageId;
}
