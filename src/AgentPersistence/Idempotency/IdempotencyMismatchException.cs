namespace AgentPersistence.Idempotency;

/// <summary>The key was used for another request: its fingerprint or its user differs. Nothing was run or stored.</summary>
/// <param name="key">The key.</param>
/// <param name="scope">The key's scope.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class IdempotencyMismatchException(string key, string scope = "", Exception? innerException = null)
    : AgentPersistenceException(
        $"Idempotency key {IdempotencyName.Of(key, scope)} belongs to another request: the fingerprint or the user differs. "
        + "Use a key that identifies the request's content.",
        innerException)
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The key's scope.</summary>
    public string Scope { get; } = scope;
}
