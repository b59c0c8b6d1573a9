namespace AgentPersistence.Approvals.Storage;

/// <summary>A row of <c>agent_approvals</c>.</summary>
internal sealed class ApprovalEntity
{
    public Guid Id { get; init; }

    public Guid? ThreadId { get; init; }

    public Guid? JobId { get; init; }

    public required string ProposalText { get; init; }

    public required string ActionJson { get; init; }

    /// <summary>What an action must be the same as, to be taken.</summary>
    public required string ActionDigest { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>An <see cref="ApprovalStatus"/>; past its expiry it may still say pending or approved here.</summary>
    public required string Status { get; init; }

    public string? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? Reason { get; init; }

    public Guid? Supersedes { get; init; }

    public Guid? SupersededBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? ConsumedAt { get; init; }

    /// <summary>Identifies the write that made the row what it is, so that a write whose answer was lost finds itself again.</summary>
    public Guid WriteId { get; init; }
}
