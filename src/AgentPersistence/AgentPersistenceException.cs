namespace AgentPersistence;

/// <summary>
/// The base of every exception this library throws on purpose. Bad arguments are <see cref="ArgumentException"/> instead, and
/// a database's own exceptions pass unwrapped.
/// </summary>
public class AgentPersistenceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, to which record, and what to do about it.</param>
    public AgentPersistenceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What happened, to which record, and what to do about it.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AgentPersistenceException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
