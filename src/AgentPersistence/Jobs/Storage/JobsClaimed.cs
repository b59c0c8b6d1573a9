using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Jobs.Storage;

/// <summary>The answer to a claim.</summary>
/// <param name="Claims">What was claimed, in the order of claiming.</param>
/// <param name="Ended">Jobs whose lease had lapsed for good: Failed, or Canceled.</param>
/// <param name="SentAt">A time stamp from before it was sent: no lease has lasted longer than that.</param>
internal sealed record JobsClaimed(IReadOnlyList<JobClaim> Claims, IReadOnlyList<Job> Ended, long SentAt)
{
    public static readonly JobsClaimed None = new([], [], 0);

    public static JobsClaimed Of(List<StoredJob> rows, Guid token, TimeSpan lease, long sentAt) => new(
        [
            .. rows.Where(r => r.Job.Status == JobStatus.Running)
                .OrderByDescending(r => r.Job.Priority).ThenBy(r => r.Job.RunAt).ThenBy(r => r.Job.Id.ToString(), StringComparer.Ordinal)
                .Select(r => Claim(r.Job, token, lease)),
        ],
        [.. rows.Where(r => r.Job.Status != JobStatus.Running).Select(r => r.Job)],
        sentAt);

    private static JobClaim Claim(Job job, Guid token, TimeSpan lease) => new()
    {
        Job = job,
        Token = token,
        Epoch = job.Epoch,
        Attempt = job.Attempts,
        Lease = lease,
        LeaseUntil = job.LeaseUntil!.Value,
    };
}

/// <summary>A claim that is still held, and whether its job is to be canceled.</summary>
internal readonly record struct JobRenewal(Guid JobId, bool CancelRequested)
{
    /// <summary>What a renewal says of each claim.</summary>
    public static readonly BulkInsert<JobClaim> Columns = new(
        typeof(JobEntity), [new("job", StoredType.Id, c => c.Job.Id), new("claim", StoredType.Id, c => c.Token)]);
}
