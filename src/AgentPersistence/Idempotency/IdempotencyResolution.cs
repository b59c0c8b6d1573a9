using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Idempotency;

/// <summary>How an operator settles an indeterminate operation. Two are equal when their members are, JSON compared by its text.</summary>
/// <param name="State">
/// <see cref="IdempotencyState.Completed"/>: it did run; <see cref="IdempotencyState.Failed"/>: it failed for good;
/// <see cref="IdempotencyState.Released"/>: it did not run and may be tried again.
/// </param>
/// <param name="Result">
/// The result to replay, when completed: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for none.
/// </param>
/// <param name="Error">The error to replay, as free text; required when failed, otherwise null.</param>
public sealed record IdempotencyResolution(IdempotencyState State, JsonElement? Result = null, string? Error = null)
{
    private readonly JsonText _result = new(Result);

    /// <summary>
    /// The result to replay, when completed: strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for none.
    /// </summary>
    public JsonElement? Result { get => _result.Element; init => _result = new(value); }
}
