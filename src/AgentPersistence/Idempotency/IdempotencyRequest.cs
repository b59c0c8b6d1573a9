namespace AgentPersistence.Idempotency;

/// <summary>What must not happen twice.</summary>
public sealed record IdempotencyRequest
{
    /// <summary>
    /// What identifies the operation within its scope. Not blank, at most 255 characters, no control characters, well-formed UTF-16;
    /// compared by bytes.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>
    /// What keeps keys of different kinds or tenants apart. May be empty; otherwise at most 255 characters, not blank, no control
    /// characters, well-formed UTF-16.
    /// </summary>
    /// <value>The default is the empty string.</value>
    public string Scope { get; init; } = "";

    /// <summary>
    /// Who asks; one that differs from the stored one is a mismatch. Null for nobody, who differs from every user. Not blank, at most
    /// 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? UserId { get; init; }

    /// <summary>
    /// A digest of the request's content; one that differs from the stored one is a mismatch. Null for "not asked"; the first one
    /// given is kept. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// How long the outcome is replayed, counted from complete, fail or release. 1 millisecond to 36,500 days.
    /// </summary>
    /// <value>The default is null: the configured time to live, 24 hours unless changed.</value>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// How long the claim is held without being renewed; afterwards its holder counts as crashed. 1 millisecond to 7 days.
    /// </summary>
    /// <value>The default is null: the configured lease, 1 minute unless changed.</value>
    public TimeSpan? Lease { get; init; }

    /// <summary>What becomes of the claim if its holder crashes.</summary>
    /// <value>The default is <see cref="CrashPolicy.Retry"/>.</value>
    public CrashPolicy OnCrash { get; init; } = CrashPolicy.Retry;

    /// <summary>How long to wait while somebody else holds the claim. Zero to 1 day.</summary>
    /// <remarks>
    /// On SQLite an open transaction of another process locks the whole database, so the wait may be for one about other keys.
    /// </remarks>
    /// <value>The default is null: do not wait.</value>
    public TimeSpan? WaitForOther { get; init; }
}
