namespace AgentPersistence.Idempotency;

/// <summary>Somebody else is running the operation, and the time to wait is over. Nothing was run or stored.</summary>
/// <param name="key">The key.</param>
/// <param name="retryAfter">How long the other's lease still lasts; null if that cannot be told.</param>
/// <param name="scope">The key's scope.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class IdempotencyInFlightException(
    string key, TimeSpan? retryAfter = null, string scope = "", Exception? innerException = null)
    : AgentPersistenceException(
        $"The operation under idempotency key {IdempotencyName.Of(key, scope)} is in flight elsewhere. "
        + (retryAfter is { } after ? $"Ask again after {after}" : "Ask again later")
        + ", or set WaitForOther to wait for its result.",
        innerException)
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The key's scope.</summary>
    public string Scope { get; } = scope;

    /// <summary>How long the other's lease still lasts; null if that cannot be told.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
