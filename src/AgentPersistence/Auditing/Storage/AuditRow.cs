namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// What the log and the staging table have in common: an entry, or the outcome that completes one. Everything is ready to be stored;
/// only its place in the chain is missing.
/// </summary>
internal abstract class AuditRow
{
    /// <summary>The row's id; the action's too, if it is the action's first row.</summary>
    public Guid Id { get; init; }

    /// <summary>The id of the action's first row.</summary>
    public Guid ActionId { get; init; }

    /// <summary>The row that this one follows in its action; null for the first. Known only once the action has been read.</summary>
    public Guid? PreviousId { get; set; }

    public string? RunId { get; init; }

    public string? UserId { get; init; }

    public string? SessionId { get; init; }

    public string? EventType { get; init; }

    public string? Intent { get; init; }

    public string? Action { get; init; }

    public string? InputData { get; init; }

    public string? OutputData { get; init; }

    public string? EventDetails { get; init; }

    /// <summary>An <see cref="AuditStatus"/>.</summary>
    public required string Status { get; init; }

    public string? ErrorMessage { get; init; }

    public string? IdempotencyKey { get; init; }

    public DateTimeOffset OccurredAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How the row was turned into the bytes that are hashed.</summary>
    public short Format { get; init; }

    /// <summary>16 random bytes; null once the row is erased.</summary>
    public byte[]? Salt { get; init; }

    /// <summary>SHA-256 over the salt and the personal columns: user, payloads and error text.</summary>
    public required byte[] PersonalHash { get; init; }
}
