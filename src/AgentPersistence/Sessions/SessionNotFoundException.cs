namespace AgentPersistence.Sessions;

/// <summary>No session has this id: it was never created, or it was deleted.</summary>
/// <param name="sessionId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class SessionNotFoundException(string sessionId, Exception? innerException = null)
    : AgentPersistenceException($"There is no session '{sessionId}'. Create it with CreateAsync.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public string SessionId { get; } = sessionId;
}
