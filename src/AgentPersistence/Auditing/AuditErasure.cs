using AgentPersistence.Internal;

namespace AgentPersistence.Auditing;

/// <summary>
/// Whose personal data to erase: one user's, one session's or one run's. Exactly one of <see cref="UserId"/>,
/// <see cref="SessionId"/> and <see cref="RunId"/> is set.
/// </summary>
public sealed record AuditErasure
{
    private AuditErasure()
    {
    }

    /// <summary>The user; null when erasing by something else.</summary>
    public string? UserId { get; private init; }

    /// <summary>The session; null when erasing by something else.</summary>
    public string? SessionId { get; private init; }

    /// <summary>The run; null when erasing by something else.</summary>
    public string? RunId { get; private init; }

    /// <summary>Erases everything logged for one user.</summary>
    /// <param name="userId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <returns>What to erase.</returns>
    /// <exception cref="ArgumentException"><paramref name="userId"/> breaks a rule above.</exception>
    public static AuditErasure ByUser(string userId) => new() { UserId = Input.Key(userId, nameof(userId)) };

    /// <summary>Erases everything logged in one session.</summary>
    /// <param name="sessionId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <returns>What to erase.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> breaks a rule above.</exception>
    public static AuditErasure BySession(string sessionId) => new() { SessionId = Input.Key(sessionId, nameof(sessionId)) };

    /// <summary>Erases everything logged in one run.</summary>
    /// <param name="runId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <returns>What to erase.</returns>
    /// <exception cref="ArgumentException"><paramref name="runId"/> breaks a rule above.</exception>
    public static AuditErasure ByRun(string runId) => new() { RunId = Input.Key(runId, nameof(runId)) };
}
