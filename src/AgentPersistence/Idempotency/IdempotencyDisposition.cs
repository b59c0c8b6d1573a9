namespace AgentPersistence.Idempotency;

/// <summary>What <see cref="IIdempotencyCache.BeginAsync"/> answers.</summary>
public enum IdempotencyDisposition
{
    /// <summary>The caller holds the claim: run the operation, then complete, fail or release it.</summary>
    Acquired,

    /// <summary>Somebody else holds it; <see cref="IdempotencyClaim.RetryAfter"/> says when to ask again.</summary>
    InFlight,

    /// <summary>It is done already: <see cref="IdempotencyClaim.Result"/> is the stored result.</summary>
    Replay,

    /// <summary>It has failed for good: <see cref="IdempotencyClaim.Error"/> is the stored error.</summary>
    ReplayFailure,

    /// <summary>The key was used for another request: the fingerprint or the user differs.</summary>
    Mismatch,

    /// <summary>A crash left it unknown whether the operation ran; an operator must settle it.</summary>
    Indeterminate,
}
