namespace AgentPersistence;

/// <summary>
/// The database's answer to a write was lost, and nobody can tell whether the write was stored: somebody else has written since, or
/// the database did not come back in time. It was not repeated, because repeating it could store it twice.
/// </summary>
public sealed class WriteInDoubtException : AgentPersistenceException
{
    /// <summary>Creates the exception for a record that somebody else has written since.</summary>
    /// <param name="kind">What was written, as a noun: <c>customer context</c>.</param>
    /// <param name="key">The id or key of what was written.</param>
    /// <param name="innerException">The lost connection's exception, or null.</param>
    public WriteInDoubtException(string kind, string key, Exception? innerException = null)
        : base(
            $"The answer to a write of {kind} '{key}' was lost and it has been written again since, so this write may or may not be "
            + "stored. Read it and decide; repeating blindly may count it twice.",
            innerException)
    {
        Kind = kind;
        Key = key;
    }

    /// <summary>Creates the exception for a database that did not come back in time.</summary>
    /// <param name="message">What happened, and what to do about it.</param>
    /// <param name="innerException">The lost connection's exception, or null.</param>
    public WriteInDoubtException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What was written, as a noun (<c>customer context</c>); null when only the message knows.</summary>
    public string? Kind { get; }

    /// <summary>The id or key of what was written; null when only the message knows.</summary>
    public string? Key { get; }
}
