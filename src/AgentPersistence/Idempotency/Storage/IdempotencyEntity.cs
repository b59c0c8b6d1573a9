namespace AgentPersistence.Idempotency.Storage;

/// <summary>A row of <c>agent_idempotency_cache</c>.</summary>
internal sealed class IdempotencyEntity
{
    public required string Scope { get; init; }

    public required string IdempotencyKey { get; init; }

    public string? UserId { get; init; }

    public string? Fingerprint { get; init; }

    /// <summary>An <see cref="IdempotencyState"/>.</summary>
    public required string State { get; init; }

    /// <summary>Fences the last claim; also the write id by which a begin or an outcome finds itself again.</summary>
    public Guid Token { get; init; }

    /// <summary>How many times the key has been claimed.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether the last claim took over from one that had lapsed.</summary>
    public bool IsTakeover { get; init; }

    /// <summary>A <see cref="CrashPolicy"/>.</summary>
    public required string OnCrash { get; init; }

    /// <summary>In microseconds.</summary>
    public long Lease { get; init; }

    /// <summary>Null once settled.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>In microseconds.</summary>
    public long TimeToLive { get; init; }

    public string? ResultData { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on the row counts as absent; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
