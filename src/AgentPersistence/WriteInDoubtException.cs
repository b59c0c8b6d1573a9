namespace AgentPersistence;

/// <summary>
/// The database's answer to a write was lost, and somebody else has written since, so nobody can tell whether the write was
/// stored. It was not repeated, because repeating it could store it twice.
/// </summary>
/// <param name="kind">What was written, as a noun: <c>customer context</c>.</param>
/// <param name="key">The id or key of what was written.</param>
/// <param name="innerException">The lost connection's exception, or null.</param>
public sealed class WriteInDoubtException(string kind, string key, Exception? innerException = null)
    : AgentPersistenceException(
        $"The answer to a write of {kind} '{key}' was lost and it has been written again since, so this write may or may not be "
        + "stored. Read it and decide; repeating blindly may count it twice.",
        innerException)
{
    /// <summary>What was written, as a noun: <c>customer context</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>The id or key of what was written.</summary>
    public string Key { get; } = key;
}
