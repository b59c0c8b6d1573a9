namespace AgentPersistence.Sessions;

/// <summary>Somebody else saved the session since the version the caller started from. Nothing was stored.</summary>
/// <param name="sessionId">The session's id.</param>
/// <param name="expectedVersion">The version the caller started from.</param>
/// <param name="actualVersion">The version that is stored.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class SessionConflictException(
    string sessionId, long expectedVersion, long actualVersion, Exception? innerException = null)
    : AgentPersistenceException(
        $"Session '{sessionId}' is at version {actualVersion}, not {expectedVersion}; nothing was stored. "
        + "Read it again, apply the change to what is there, and save with that version.",
        innerException)
{
    /// <summary>The session's id.</summary>
    public string SessionId { get; } = sessionId;

    /// <summary>The version the caller started from.</summary>
    public long ExpectedVersion { get; } = expectedVersion;

    /// <summary>The version that is stored.</summary>
    public long ActualVersion { get; } = actualVersion;
}
