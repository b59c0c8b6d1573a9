namespace AgentPersistence.Jobs;

/// <summary>There is no job with this id. Nothing was stored.</summary>
/// <param name="jobId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class JobNotFoundException(Guid jobId, Exception? innerException = null)
    : AgentPersistenceException($"There is no job {jobId}; nothing was stored.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid JobId { get; } = jobId;
}
