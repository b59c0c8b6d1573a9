using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Idempotency;

/// <summary>A key as stored. Times are UTC, to the microsecond. Two are equal when their members are, JSON compared by its text.</summary>
public sealed record IdempotencyRecord
{
    private readonly JsonText _result;

    /// <summary>The key.</summary>
    public string Key { get; init; } = "";

    /// <summary>Its scope.</summary>
    /// <value>The default is the empty string.</value>
    public string Scope { get; init; } = "";

    /// <summary>Who asked; null for nobody.</summary>
    public string? UserId { get; init; }

    /// <summary>Where the operation stands.</summary>
    public IdempotencyState State { get; init; }

    /// <summary>How many times the key has been claimed.</summary>
    public long Epoch { get; init; }

    /// <summary>The result, with its exact text; null for none, which differs from a JSON null.</summary>
    public JsonElement? Result { get => _result.Element; init => _result = new(value); }

    /// <summary>The error it failed with; null unless failed.</summary>
    public string? Error { get; init; }

    /// <summary>When the key was first claimed.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the record counts as absent; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
