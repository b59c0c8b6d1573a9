namespace AgentPersistence.Sessions;

/// <summary>Which sessions to read. Every member that is set must match.</summary>
public sealed record SessionQuery
{
    /// <summary>Only this user's; null for any. Not blank, at most 255 characters.</summary>
    public string? UserId { get; init; }

    /// <summary>Only sessions that stand so now, expiry considered; null for any.</summary>
    public SessionStatus? Status { get; init; }

    /// <summary>Only sessions created at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>
    /// The last session of the page before, as it was read: its creation time and id are where the next page goes on. Null starts at
    /// the beginning.
    /// </summary>
    public AgentSession? After { get; init; }

    /// <summary>How many sessions to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
