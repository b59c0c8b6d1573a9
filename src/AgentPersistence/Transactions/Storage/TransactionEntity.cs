namespace AgentPersistence.Transactions.Storage;

/// <summary>A row of <c>agent_transactions</c>.</summary>
internal sealed class TransactionEntity
{
    public Guid Id { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? Fingerprint { get; init; }

    public string? RunId { get; init; }

    public string? UserId { get; init; }

    public string? SessionId { get; init; }

    public string? StepKey { get; init; }

    public string? Intent { get; init; }

    public string? Action { get; init; }

    /// <summary>A <see cref="TransactionStatus"/>.</summary>
    public required string Status { get; init; }

    public string? RollbackData { get; init; }

    public string? ResultFingerprint { get; init; }

    public string? Error { get; init; }

    /// <summary>The audit log's action, whose id is this row's; none across features is a foreign key.</summary>
    public Guid AuditLogId { get; init; }

    /// <summary>The audit row that completed the action, and so the write id by which a complete or fail finds itself again.</summary>
    public Guid? SettleId { get; init; }

    /// <summary>Fences the last compensation; also the write id by which it, or a mark, finds itself again.</summary>
    public Guid? RollbackToken { get; init; }

    /// <summary>How many times a compensation was claimed.</summary>
    public long RollbackEpoch { get; init; }

    /// <summary>Whether the last claim took over from one that had lapsed.</summary>
    public bool IsTakeover { get; init; }

    /// <summary>Null while no compensation holds the row.</summary>
    public DateTimeOffset? RollbackLeaseUntil { get; init; }

    public string? RollbackError { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public DateTimeOffset? RolledBackAt { get; init; }
}
