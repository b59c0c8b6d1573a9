namespace AgentPersistence.Idempotency;

/// <summary>
/// An operation throws this to say that it has had no effect, so that its claim is released and it may be tried again even under
/// <see cref="CrashPolicy.Block"/>.
/// </summary>
/// <param name="key">The key.</param>
/// <param name="reason">Why it did not start, for the message; null for no reason. Not stored.</param>
/// <param name="scope">The key's scope.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class IdempotencyNotStartedException(
    string key, string? reason = null, string scope = "", Exception? innerException = null)
    : AgentPersistenceException(
        $"The operation under idempotency key {IdempotencyName.Of(key, scope)} has had no effect and may be tried again"
        + (reason is null ? "." : $": {reason}"),
        innerException)
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The key's scope.</summary>
    public string Scope { get; } = scope;

    /// <summary>Why it did not start; null for no reason.</summary>
    public string? Reason { get; } = reason;
}
