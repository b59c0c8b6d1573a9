using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Idempotency;

/// <summary>
/// The answer to a begin and, when acquired, what proves the claim. Two are equal when their members are, JSON compared by its text.
/// </summary>
public sealed record IdempotencyClaim
{
    private readonly JsonText _result;

    /// <summary>The key that was asked for.</summary>
    public string Key { get; init; } = "";

    /// <summary>Its scope.</summary>
    /// <value>The default is the empty string.</value>
    public string Scope { get; init; } = "";

    /// <summary>What the caller is to do.</summary>
    public IdempotencyDisposition Disposition { get; init; }

    /// <summary>The random token that fences this claim; empty unless acquired.</summary>
    public Guid Token { get; init; }

    /// <summary>How many times the key has been claimed, this one included: pass it on to systems that can fence by it.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether an earlier holder let its lease lapse, so that the operation may have run in part.</summary>
    public bool IsTakeover { get; init; }

    /// <summary>
    /// The stored result, with its exact text, when <see cref="Disposition"/> is <see cref="IdempotencyDisposition.Replay"/>; null for
    /// an operation without one, which differs from a JSON null, and otherwise.
    /// </summary>
    public JsonElement? Result { get => _result.Element; init => _result = new(value); }

    /// <summary>
    /// The stored error when <see cref="Disposition"/> is <see cref="IdempotencyDisposition.ReplayFailure"/>; otherwise null.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>
    /// How long the other's lease still lasts when <see cref="Disposition"/> is <see cref="IdempotencyDisposition.InFlight"/>; null if
    /// that cannot be told, and otherwise.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long the claim is held from the begin or the last renewal: renew well before. Null unless acquired.</summary>
    public TimeSpan? Lease { get; init; }
}
