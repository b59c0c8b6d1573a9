namespace AgentPersistence.Jobs;

/// <summary>
/// Does the work of jobs. The host writes it, and registers it with <c>AddJobHandler</c>; each job gets one of its own, from a scope of
/// its own.
/// </summary>
public interface IJobHandler
{
    /// <summary>Runs one attempt at a job, whose lease is renewed meanwhile.</summary>
    /// <param name="context">The job and its claim.</param>
    /// <param name="cancellationToken">
    /// Tripped when somebody cancels the job, when its lease is lost, and when the host stops. A handler that then throws
    /// <see cref="OperationCanceledException"/> gives the attempt back, or leaves the job Canceled.
    /// </param>
    /// <returns>
    /// What becomes of the job. An exception fails the attempt, which is retried while attempts are left; <see cref="JobFailedException"/>
    /// is not.
    /// </returns>
    Task<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken = default);
}
