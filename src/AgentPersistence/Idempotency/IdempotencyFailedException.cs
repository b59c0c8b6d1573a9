namespace AgentPersistence.Idempotency;

/// <summary>
/// The operation has failed for good. An operation throws it to have its error stored and replayed; a later caller of the same key
/// gets it until the record expires.
/// </summary>
/// <param name="key">The key.</param>
/// <param name="error">Why it failed. Stored, replayed, and part of the message.</param>
/// <param name="scope">The key's scope.</param>
/// <param name="innerException">The cause, or null. Not stored.</param>
public sealed class IdempotencyFailedException(string key, string error, string scope = "", Exception? innerException = null)
    : AgentPersistenceException(
        $"The operation under idempotency key {IdempotencyName.Of(key, scope)} has failed for good: {error}", innerException)
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The key's scope.</summary>
    public string Scope { get; } = scope;

    /// <summary>Why it failed.</summary>
    public string Error { get; } = error;
}
