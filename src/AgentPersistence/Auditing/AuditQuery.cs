namespace AgentPersistence.Auditing;

/// <summary>
/// Which audit records to read. Every member that is set must match; names and ids match exactly, by bytes. Set nothing to read the
/// newest records of all.
/// </summary>
public sealed record AuditQuery
{
    /// <summary>Only this run's; null for any. Not blank, at most 255 characters.</summary>
    public string? RunId { get; init; }

    /// <summary>Only this user's; null for any. Not blank, at most 255 characters.</summary>
    public string? UserId { get; init; }

    /// <summary>Only this session's; null for any. Not blank, at most 255 characters.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only this kind of event; null for any. At most 255 characters.</summary>
    public string? EventType { get; init; }

    /// <summary>Only this intent; null for any. At most 255 characters.</summary>
    public string? Intent { get; init; }

    /// <summary>Only this action; null for any. At most 255 characters.</summary>
    public string? Action { get; init; }

    /// <summary>Only actions that stand so now; null for any.</summary>
    public AuditStatus? Status { get; init; }

    /// <summary>Only what happened at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what happened before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether the lowest sequence comes first.</summary>
    /// <value>The default is false: the newest first.</value>
    public bool OldestFirst { get; init; }

    /// <summary>
    /// The last sequence of the page before; the next page goes on from it in this query's order, upwards with
    /// <see cref="OldestFirst"/> and downwards without. Null starts at the beginning. Not negative. Entries that the own transaction has
    /// not committed have no sequence to go on from: only a page that holds them all can be followed by another.
    /// </summary>
    public long? AfterSequence { get; init; }

    /// <summary>How many records to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
