namespace AgentPersistence.Sessions;

/// <summary>The session is ended or expired and takes no more writes. Nothing was stored.</summary>
/// <param name="sessionId">The session's id.</param>
/// <param name="status">How it ended.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class SessionEndedException(string sessionId, SessionStatus status, Exception? innerException = null)
    : AgentPersistenceException(
        $"Session '{sessionId}' is {status} and takes no more writes; nothing was stored. Create a new session.",
        innerException)
{
    /// <summary>The session's id.</summary>
    public string SessionId { get; } = sessionId;

    /// <summary>How it ended; <see cref="SessionStatus.Expired"/> past its expiry.</summary>
    public SessionStatus Status { get; } = status;
}
