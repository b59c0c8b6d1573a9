namespace AgentPersistence.Jobs;

/// <summary>
/// A job that a worker holds for a while. Whoever presents it may settle the job, as long as nobody else has claimed it since.
/// </summary>
public sealed record JobClaim
{
    /// <summary>The job as it was claimed.</summary>
    public required Job Job { get; init; }

    /// <summary>A random token of this claim; it fences off whoever held the job before.</summary>
    public Guid Token { get; init; }

    /// <summary>One more than at the claim or requeue before.</summary>
    public long Epoch { get; init; }

    /// <summary>The number of the attempt, from 1. An attempt that was given back is counted again.</summary>
    public int Attempt { get; init; }

    /// <summary>How long the claim is held from each heartbeat.</summary>
    public TimeSpan Lease { get; init; }

    /// <summary>Until when it is held without a heartbeat, by the database's clock.</summary>
    public DateTimeOffset LeaseUntil { get; init; }
}

/// <summary>The answer to a heartbeat.</summary>
/// <param name="LeaseUntil">Until when the claim is held now, by the database's clock.</param>
/// <param name="CancelRequested">Whether somebody has asked to cancel the job.</param>
public readonly record struct JobHeartbeat(DateTimeOffset LeaseUntil, bool CancelRequested);
