namespace AgentPersistence.Sessions;

/// <summary>Where each conversation stands. When a call returns, what it wrote is durable.</summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(SessionUpdate.State)</c>). The text of JSON members is taken before
/// the first await. A write whose answer is lost is repeated safely, and never reported as a conflict with itself; where somebody
/// else has written since, so that nobody can tell whether it was stored, <see cref="WriteInDoubtException"/> is thrown.
/// </remarks>
public interface ISessionStore
{
    /// <summary>Creates a session.</summary>
    /// <param name="session">What it starts with.</param>
    /// <param name="cancellationToken">Cancels the call; the session may be stored all the same.</param>
    /// <returns>The session, at version 1.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="session"/> breaks its documented rule.</exception>
    /// <exception cref="DuplicateSessionException">There is a session with this id, in whatever status.</exception>
    Task<AgentSession> CreateAsync(NewSession session, CancellationToken cancellationToken = default);

    /// <summary>Reads one session, ended and expired ones included.</summary>
    /// <param name="sessionId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The session, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> breaks a rule above.</exception>
    Task<AgentSession?> FindAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Saves the state, raises the version and slides the expiry, in one write. Without an expected version the last writer wins: if the
    /// answer of a save is lost and somebody else has saved by the time it is asked for, it is saved again, behind that.
    /// </summary>
    /// <param name="sessionId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="update">What to save.</param>
    /// <param name="cancellationToken">Cancels the call; the state may be stored all the same.</param>
    /// <returns>The session as saved.</returns>
    /// <exception cref="ArgumentException">An argument or a member of <paramref name="update"/> breaks its rule.</exception>
    /// <exception cref="SessionNotFoundException">There is no such session. Nothing was stored.</exception>
    /// <exception cref="SessionEndedException">It is ended or expired. Nothing was stored.</exception>
    /// <exception cref="SessionConflictException">Somebody else saved since the expected version. Nothing was stored.</exception>
    Task<AgentSession> SaveStateAsync(string sessionId, SessionUpdate update, CancellationToken cancellationToken = default);

    /// <summary>Ends a session. Ending it again with the same status changes nothing.</summary>
    /// <param name="sessionId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="status">How it ended: anything but <see cref="SessionStatus.Active"/>.</param>
    /// <param name="cancellationToken">Cancels the call; the session may be ended all the same.</param>
    /// <returns>The session as ended.</returns>
    /// <exception cref="ArgumentException">An argument breaks its rule, or the status is Active.</exception>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    /// <exception cref="SessionEndedException">It has ended with another status, or expired. Nothing was stored.</exception>
    Task<AgentSession> EndAsync(
        string sessionId, SessionStatus status = SessionStatus.Completed, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of sessions, the newest creation first, then by id.</summary>
    /// <param name="query">Which sessions.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="SessionQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<AgentSession>> QueryAsync(SessionQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes a session, in whatever status.</summary>
    /// <param name="sessionId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call; the session may be deleted all the same.</param>
    /// <returns>Whether there was one; true also where the answer was lost and it is gone.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> breaks a rule above.</exception>
    Task<bool> DeleteAsync(string sessionId, CancellationToken cancellationToken = default);
}
