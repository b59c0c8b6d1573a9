using System.Text.Json;
using AgentPersistence.Approvals;

namespace AgentPersistence.Jobs;

/// <summary>
/// Work to be done once, by whichever worker of whichever process claims it first. When a call returns, what it wrote is durable; bound to
/// a
/// transaction, it is durable when that commits.
/// </summary>
/// <remarks>
/// <para>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or,
/// for a member of a record, that member (<c>nameof(NewJob.Mode)</c>). The text of JSON is taken before the first await.
/// </para>
/// <para>
/// Whoever holds a claim settles it once: complete, fail, snooze, wait or release. A settlement may be repeated as it was, also after its
/// answer was lost;
/// where the job has been claimed again before that could be seen, it throws <see cref="WriteInDoubtException"/>. Concurrent calls share
/// commits.
/// </para>
/// </remarks>
#pragma warning disable CA1711 // It is a queue, if not a collection; the contract fixes the name.
public interface IJobQueue
#pragma warning restore CA1711
{
    /// <summary>Stores a job, to be claimed when it is due.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Withdraws the job if its commit has not begun.</param>
    /// <returns>The job as stored, or the one that has its unique key or its id (<see cref="Job.AlreadyQueued"/>).</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="job"/> breaks its documented rule.</exception>
    Task<Job> EnqueueAsync(NewJob job, CancellationToken cancellationToken = default);

    /// <summary>Stores many jobs in one commit: all of them, but those whose unique key or id is taken.</summary>
    /// <param name="jobs">The jobs. One that repeats the unique key or the id of another stores nothing.</param>
    /// <param name="cancellationToken">Withdraws the jobs if their commit has not begun.</param>
    /// <returns>One job for each, in order.</returns>
    /// <exception cref="ArgumentException">A member of a job breaks its documented rule; none is stored.</exception>
    Task<IReadOnlyList<Job>> EnqueueAsync(IReadOnlyList<NewJob> jobs, CancellationToken cancellationToken = default);

    /// <summary>
    /// Claims jobs that are due, the highest priority first, then by time, then by id; nobody else gets them while the lease holds. Passes
    /// over
    /// what others are claiming. First settles those whose lease has lapsed: canceled if that was asked for, failed if no attempt is left,
    /// otherwise claimable.
    /// </summary>
    /// <param name="modes">Which kinds of jobs, 1 to 100; each as <see cref="NewJob.Mode"/>.</param>
    /// <param name="limit">How many at most: 1 to 1,000.</param>
    /// <param name="lease">
    /// How long they are held without a heartbeat: 1 millisecond to 7 days. Null for <see cref="JobOptions.Lease"/>.
    /// </param>
    /// <param name="worker">Who claims, for inspection; null for nobody named. Not blank, at most 255 characters.</param>
    /// <param name="cancellationToken">Cancels the call before the claim is sent.</param>
    /// <returns>The claims; empty when nothing is due.</returns>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    Task<IReadOnlyList<JobClaim>> ClaimAsync(
        IReadOnlyList<string> modes, int limit = 1, TimeSpan? lease = null, string? worker = null, CancellationToken cancellationToken = default);

    /// <summary>Holds a claim for another <see cref="JobClaim.Lease"/>, from now.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="cancellationToken">Cancels the call; the lease may be extended all the same.</param>
    /// <returns>The new end of the lease, and whether the job is to be canceled.</returns>
    /// <exception cref="LeaseLostException">The job was claimed again, or is settled.</exception>
    Task<JobHeartbeat> HeartbeatAsync(JobClaim claim, CancellationToken cancellationToken = default);

    /// <summary>Ends a job as Done, also if it is to be canceled: what is done is done.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="result">
    /// Strict RFC 8259, at most 512 levels deep and 16 MB of UTF-8 (an option). Null for none, which differs from a JSON null.
    /// </param>
    /// <param name="cancellationToken">Withdraws the call if its commit has not begun.</param>
    /// <returns>A task that completes when it is stored.</returns>
    /// <exception cref="ArgumentException"><paramref name="result"/> breaks a rule above.</exception>
    /// <exception cref="LeaseLostException">The job was claimed again, or is settled. Nothing was stored.</exception>
    Task CompleteAsync(JobClaim claim, JsonElement? result = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends an attempt as failed. The job is Queued again, after a time that grows with every attempt (<see
    /// cref="JobOptions.RetryDelay"/>),
    /// while attempts are left; otherwise it is Failed. A retry of a job that is to be canceled leaves it Canceled.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="error">Why, as free text.</param>
    /// <param name="retry">Whether to retry while attempts are left.</param>
    /// <param name="cancellationToken">Withdraws the call if its commit has not begun.</param>
    /// <returns>What has become of the job: Queued, Failed or Canceled.</returns>
    /// <exception cref="ArgumentException">The error is null.</exception>
    /// <exception cref="LeaseLostException">The job was claimed again, or is settled. Nothing was stored.</exception>
#pragma warning disable CA1716 // Visual Basic escapes the name; the contract fixes it.
    Task<JobStatus> FailAsync(JobClaim claim, string error, bool retry = true, CancellationToken cancellationToken = default);
#pragma warning restore CA1716

    /// <summary>Gives a job back to go on later. The attempt does not count.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="delay">How long it waits, from now: zero to 36,500 days.</param>
    /// <param name="cancellationToken">Withdraws the call if its commit has not begun.</param>
    /// <returns>What has become of the job: Queued, or Canceled if it was to be.</returns>
    /// <exception cref="ArgumentException"><paramref name="delay"/> is out of range.</exception>
    /// <exception cref="LeaseLostException">The job was claimed again, or is settled. Nothing was stored.</exception>
    Task<JobStatus> SnoozeAsync(JobClaim claim, TimeSpan delay, CancellationToken cancellationToken = default);

    /// <summary>Gives a job back to go on at once, in any worker. The attempt does not count.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="cancellationToken">Withdraws the call if its commit has not begun.</param>
    /// <returns>What has become of the job: Queued, or Canceled if it was to be.</returns>
    /// <exception cref="LeaseLostException">The job was claimed again, or is settled. Nothing was stored.</exception>
    Task<JobStatus> ReleaseAsync(JobClaim claim, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a job back to go on when an approval is decided: approved, rejected, superseded or expired; at once if it is. The attempt
    /// does not
    /// count, and no worker is held meanwhile. Whoever goes on asks the approval how it was decided.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="approvalId">The approval.</param>
    /// <param name="atMost">When to go on at the latest, from now: 1 millisecond to 36,500 days. A time-out is no approval.</param>
    /// <param name="cancellationToken">Cancels the call; it may be stored all the same.</param>
    /// <returns>What has become of the job: Queued, or Canceled if it was to be.</returns>
    /// <exception cref="ArgumentException"><paramref name="atMost"/> is out of range.</exception>
    /// <exception cref="ApprovalNotFoundException">There is no such approval. Nothing was stored.</exception>
    /// <exception cref="LeaseLostException">The job was claimed again, or is settled. Nothing was stored.</exception>
    Task<JobStatus> WaitForApprovalAsync(JobClaim claim, Guid approvalId, TimeSpan atMost, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels a job. A queued one is Canceled at once, and so is one whose worker's lease has lapsed. A running one is told at its next
    /// heartbeat: it may still be Done, but is not run again. One that has ended stays as it is.
    /// </summary>
    /// <param name="jobId">The job's id.</param>
    /// <param name="cancellationToken">Cancels the call; the job may be canceled all the same.</param>
    /// <returns>The job as it stands now.</returns>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    Task<Job> CancelAsync(Guid jobId, CancellationToken cancellationToken = default);

    /// <summary>Queues a job that has failed or been canceled again, due now and with all its attempts.</summary>
    /// <param name="jobId">The job's id.</param>
    /// <param name="cancellationToken">Cancels the call; the job may be requeued all the same.</param>
    /// <returns>The job as queued.</returns>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    /// <exception cref="JobConflictException">It is Queued, Running or Done, or another job has its unique key.</exception>
    /// <exception cref="WriteInDoubtException">The answer was lost and the job has been claimed since.</exception>
    Task<Job> RequeueAsync(Guid jobId, CancellationToken cancellationToken = default);

    /// <summary>Reads one job.</summary>
    /// <param name="jobId">The job's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The job, or null if there is none.</returns>
    Task<Job?> FindAsync(Guid jobId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads one page of jobs by descending id: the newest first, because ids are in the order of their making, unless callers gave their
    /// own.
    /// </summary>
    /// <param name="query">Which jobs.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="JobQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<Job>> QueryAsync(JobQuery query, CancellationToken cancellationToken = default);
}
