namespace AgentPersistence.Jobs.Storage;

/// <summary>How the hot writes of jobs reach the table: in commits shared with other callers, or each by itself.</summary>
internal interface IJobWriter
{
    /// <summary>Waits until the jobs are stored as far as this way can (durable, or part of the transaction).</summary>
    Task EnqueueAsync(JobEnqueue enqueue, CancellationToken cancellationToken);

    /// <summary>Waits until the settlement is stored as far as this way can, and says what became of the job.</summary>
    /// <exception cref="LeaseLostException">The claim is lost.</exception>
    Task<JobStatus> SettleAsync(JobSettlement settlement, CancellationToken cancellationToken);
}
