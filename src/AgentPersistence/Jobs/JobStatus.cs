namespace AgentPersistence.Jobs;

/// <summary>Where a job stands.</summary>
public enum JobStatus
{
    /// <summary>Waiting: to be claimed, for its time, or for an approval.</summary>
    Queued,

    /// <summary>Claimed by a worker, whose lease may have lapsed.</summary>
    Running,

    /// <summary>Completed.</summary>
    Done,

    /// <summary>Failed for good: not to be retried, or its attempts are used up. Kept for inspection.</summary>
    Failed,

    /// <summary>Canceled before it was completed.</summary>
    Canceled,
}
