namespace AgentPersistence.Idempotency;

/// <summary>
/// A crash left it unknown whether the operation ran, and its policy forbids running it again. Nothing was run.
/// </summary>
/// <param name="key">The key.</param>
/// <param name="scope">The key's scope.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class IdempotencyIndeterminateException(string key, string scope = "", Exception? innerException = null)
    : AgentPersistenceException(
        $"It is unknown whether the operation under idempotency key {IdempotencyName.Of(key, scope)} has run; it was not run again. "
        + "Find out from the system it acts on, then settle it with ResolveAsync.",
        innerException)
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The key's scope.</summary>
    public string Scope { get; } = scope;
}
