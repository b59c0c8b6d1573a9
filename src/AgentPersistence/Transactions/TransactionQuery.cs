namespace AgentPersistence.Transactions;

/// <summary>Which transactions to read. Every member that is set must match. Ids are at most 255 characters and not blank.</summary>
public sealed record TransactionQuery
{
    /// <summary>Only steps of this run; null for any.</summary>
    public string? RunId { get; init; }

    /// <summary>Only this user's; null for any.</summary>
    public string? UserId { get; init; }

    /// <summary>Only this session's; null for any.</summary>
    public string? SessionId { get; init; }

    /// <summary>Only transactions of this step; null for any.</summary>
    public string? StepKey { get; init; }

    /// <summary>Only transactions with this action; null for any. At most 255 characters.</summary>
    public string? Action { get; init; }

    /// <summary>Only transactions that stand so; null for any.</summary>
    public TransactionStatus? Status { get; init; }

    /// <summary>Only transactions begun at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only transactions begun before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The last transaction of the page before, as it was read: its creation time and id are where the next page goes on. Null starts at
    /// the beginning.
    /// </summary>
    public JournaledTransaction? After { get; init; }

    /// <summary>How many transactions to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
