namespace AgentPersistence.Jobs;

/// <summary>
/// Thrown by a handler whose job must not be retried, whatever attempts are left. The message is stored as the job's error.
/// </summary>
/// <param name="message">Why, as free text.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class JobFailedException(string message, Exception? innerException = null) : AgentPersistenceException(message, innerException);
