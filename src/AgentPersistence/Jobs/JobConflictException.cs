namespace AgentPersistence.Jobs;

/// <summary>
/// The job cannot be requeued: it has not failed or been canceled, or another job has its unique key by now. Nothing was stored.
/// </summary>
/// <param name="jobId">The job's id.</param>
/// <param name="status">Where the job stands.</param>
/// <param name="uniqueKey">The job's unique key, where another job has it; null otherwise.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class JobConflictException(Guid jobId, JobStatus status, string? uniqueKey = null, Exception? innerException = null)
    : AgentPersistenceException(
        uniqueKey is null
            ? $"Job {jobId} is {status}, and only a failed or canceled job can be requeued; nothing was stored."
            : $"Job {jobId} cannot be requeued while another job has its unique key '{uniqueKey}'; nothing was stored.",
        innerException)
{
    /// <summary>The job's id.</summary>
    public Guid JobId { get; } = jobId;

    /// <summary>Where the job stands.</summary>
    public JobStatus Status { get; } = status;

    /// <summary>The job's unique key, where another job has it; null otherwise.</summary>
    public string? UniqueKey { get; } = uniqueKey;
}
