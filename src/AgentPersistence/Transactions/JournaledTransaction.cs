using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Transactions;

/// <summary>
/// A transaction as stored. Times are UTC, to the microsecond, by the database's clock. Two are equal when their members are, JSON
/// compared by its text.
/// </summary>
public sealed record JournaledTransaction
{
    private readonly JsonText _rollbackData;

    /// <summary>The transaction's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>Under which no second one is begun; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The digest of what was asked for; null for none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The run it is a step of; null for none.</summary>
    public string? RunId { get; init; }

    /// <summary>The user it was done for; null for none.</summary>
    public string? UserId { get; init; }

    /// <summary>The session it was done in; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>Which step of its run it is; null for none.</summary>
    public string? StepKey { get; init; }

    /// <summary>What the user wanted; null for unknown.</summary>
    public string? Intent { get; init; }

    /// <summary>What was done; null for none.</summary>
    public string? Action { get; init; }

    /// <summary>Where it stands.</summary>
    public TransactionStatus Status { get; init; }

    /// <summary>What the compensation needs, with its exact text; null for nothing, which differs from a JSON null.</summary>
    public JsonElement? RollbackData { get => _rollbackData.Element; init => _rollbackData = new(value); }

    /// <summary>The digest of what the effect left behind; null for none.</summary>
    public string? ResultFingerprint { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Error { get; init; }

    /// <summary>The audit log's entry about it, which follows each of its steps.</summary>
    public Guid AuditLogId { get; init; }

    /// <summary>How many times a compensation was begun.</summary>
    public long RollbackAttempts { get; init; }

    /// <summary>
    /// Until when a compensation holds it without being renewed. In the past: the compensation's process has crashed. Null while none
    /// holds it.
    /// </summary>
    public DateTimeOffset? RollbackLeaseUntil { get; init; }

    /// <summary>The message of the exception that the last compensation threw; null if none has, or it was rolled back since.</summary>
    public string? RollbackError { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was completed or failed; null while it has not been.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>When it was rolled back; null unless it was.</summary>
    public DateTimeOffset? RolledBackAt { get; init; }
}
