namespace AgentPersistence.Sessions;

/// <summary>There is a session with this id already. Nothing was stored.</summary>
/// <param name="sessionId">The id that is taken.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class DuplicateSessionException(string sessionId, Exception? innerException = null)
    : AgentPersistenceException(
        $"There is a session '{sessionId}' already; nothing was stored. Go on with that one, or leave the id to the store.",
        innerException)
{
    /// <summary>The id that is taken.</summary>
    public string SessionId { get; } = sessionId;
}
