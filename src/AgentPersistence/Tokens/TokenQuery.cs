namespace AgentPersistence.Tokens;

/// <summary>Which entries to read or sum up. Every member that is set must match; names match exactly, by bytes.</summary>
public sealed record TokenQuery
{
    /// <summary>Only what was spent for this; null for any.</summary>
    public string? Scope { get; init; }

    /// <summary>Only this provider; null for any.</summary>
    public string? Provider { get; init; }

    /// <summary>Only this model; null for any.</summary>
    public string? Model { get; init; }

    /// <summary>Only this run; null for any.</summary>
    public string? RunId { get; init; }

    /// <summary>Only this user; null for any.</summary>
    public string? UserId { get; init; }

    /// <summary>Only this session; null for any.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only this chat thread; null for any.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>Only this job; null for any.</summary>
    public Guid? JobId { get; init; }

    /// <summary>Only calls made at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only calls made before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The last entry of the page before, as it was read: its time and id are where the next page goes on. Null starts at the beginning.
    /// Sums leave it out of account.
    /// </summary>
    public TokenEntry? After { get; init; }

    /// <summary>How many entries to read at most: 1 to 10,000. Sums leave it out of account.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
