namespace AgentPersistence.Approvals;

/// <summary>Which approvals to read. Every member that is set must match.</summary>
public sealed record ApprovalQuery
{
    /// <summary>Only approvals that stand so now, expiry considered; null for any.</summary>
    /// <value>The default is <see cref="ApprovalStatus.Pending"/>: what waits for a decision.</value>
    public ApprovalStatus? Status { get; init; } = ApprovalStatus.Pending;

    /// <summary>Only this thread's; null for any.</summary>
    public Guid? ThreadId { get; init; }

    /// <summary>Only this job's; null for any.</summary>
    public Guid? JobId { get; init; }

    /// <summary>Only approvals created at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Whether the newest come first.</summary>
    /// <value>The default is <see langword="false"/>: who has waited longest comes first.</value>
    public bool NewestFirst { get; init; }

    /// <summary>
    /// The last approval of the page before, as it was read: its creation time and id are where the next page goes on. Null starts at
    /// the beginning.
    /// </summary>
    public Approval? After { get; init; }

    /// <summary>How many approvals to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
