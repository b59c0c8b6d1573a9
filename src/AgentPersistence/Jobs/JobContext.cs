namespace AgentPersistence.Jobs;

/// <summary>What a handler is given. A unit test makes one of its own.</summary>
/// <param name="claim">The claim under which the job runs.</param>
public sealed class JobContext(JobClaim claim)
{
    /// <summary>The claim under which the job runs; for a handler that settles the job itself, in its own transaction.</summary>
    public JobClaim Claim { get; } = claim ?? throw new ArgumentNullException(nameof(claim));

    /// <summary>The job as it was claimed.</summary>
    public Job Job => Claim.Job;

    /// <summary>The number of the attempt, from 1. An attempt that was given back is counted again.</summary>
    public int Attempt => Claim.Attempt;

    /// <summary>The same in every attempt at this job, and in no other job: for what must not happen twice.</summary>
    public string IdempotencyKey => $"job:{Claim.Job.Id}";
}
