using AgentPersistence.Internal.Execution;
using AgentPersistence.Providers;

namespace AgentPersistence.Jobs.Storage;

/// <summary>The moves that are not shared by callers. What callers pass has been checked.</summary>
internal sealed class JobTable(StoreExecutor executor)
{
    private const string Kind = "job";
    private const string RequeueSavepoint = "agent_requeue";

    /// <summary>Claims what is due, and settles what has lapsed for good.</summary>
    public async Task<JobsClaimed> ClaimAsync(JobClaimRequest request, CancellationToken cancellationToken)
    {
        if (executor.Dialect.WritesExcludeEachOther && !executor.InTransaction
            && !await executor.ReadAsync((unit, ct) => IsAnyDueAsync(unit, request, ct), cancellationToken).ConfigureAwait(false))
        {
            return JobsClaimed.None;
        }

        var (token, sentAt) = (executor.Ids.Next(), 0L);
        cancellationToken.ThrowIfCancellationRequested();

        // Not cancelled once it is sent: nobody would know of the claims, and each would count as an attempt.
        return await executor.WriteAsync(
            async (unit, _) =>
            {
                var own = unit.IsRepeat ? await FindClaimedAsync(unit, request, token).ConfigureAwait(false) : [];
                if (own.Count > 0)
                {
                    return JobsClaimed.Of(own, token, request.Lease, sentAt);
                }

                sentAt = executor.TimeProvider.GetTimestamp();
                return JobsClaimed.Of(await ClaimAsync(unit, request, token).ConfigureAwait(false), token, request.Lease, sentAt);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<JobHeartbeat> HeartbeatAsync(JobClaim claim, CancellationToken cancellationToken) =>
        await executor.WriteAsync(
            async (unit, ct) => await unit.Command(unit.Dialect.RenewJob)
                .Id("id", claim.Job.Id).Id("token", claim.Token).Number("lease", Microseconds(claim.Lease))
                .ReadFirstAsync(row => (JobHeartbeat?)new JobHeartbeat(row.Time(0), row.Flag(1)), ct).ConfigureAwait(false)
                ?? throw DirectJobWriter.Lost(claim),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Extends many leases at once. A claim whose row somebody's transaction holds is left as it is, and is not lost.</summary>
    public Task<List<JobRenewal>> RenewAsync(IReadOnlyList<JobClaim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        executor.WriteAsync(
            async (unit, ct) =>
            {
                var renewed = await unit.Command(unit.Dialect.RenewFreeJobs)
                    .Rows(JobRenewal.Columns.Columns, claims).Number("lease", Microseconds(lease))
                    .ReadAllAsync(row => new JobRenewal(row.Id(0), row.Flag(1)), ct, unit.Dialect.IndexPlanResults).ConfigureAwait(false);
                if (renewed.Count < claims.Count)
                {
                    var missing = claims.ExceptBy(renewed.Select(r => r.JobId), c => c.Job.Id).ToDictionary(c => c.Job.Id, c => c.Token);
                    var stored = await unit.Command(unit.Dialect.FindJobs).Ids("ids", missing.Keys)
                        .ReadAllAsync(StoredJob.Read, ct).ConfigureAwait(false);
                    renewed.AddRange(stored.Where(s => s.Job.Status == JobStatus.Running && s.Token == missing[s.Job.Id])
                        .Select(s => new JobRenewal(s.Job.Id, s.Job.CancelRequested)));
                }

                return renewed;
            },
            cancellationToken);

    public async Task<Job> CancelAsync(Guid jobId, CancellationToken cancellationToken)
    {
        var canceled = await executor.WriteAsync(
            (unit, ct) => unit.Command(unit.Dialect.CancelJob).Id("id", jobId).ReadFirstAsync(StoredJob.Read, ct),
            cancellationToken).ConfigureAwait(false);

        // One that has ended, also by an earlier attempt at this call, stays as it is.
        canceled ??= await FindAsync(jobId, cancellationToken).ConfigureAwait(false);
        return canceled?.Job ?? throw new JobNotFoundException(jobId);
    }

    public async Task<Job> RequeueAsync(Guid jobId, CancellationToken cancellationToken)
    {
        var token = executor.Ids.Next();
        while (true)
        {
            var found = (await FindAsync(jobId, cancellationToken).ConfigureAwait(false))?.Job ?? throw new JobNotFoundException(jobId);
            if (found.Status is not (JobStatus.Failed or JobStatus.Canceled))
            {
                throw new JobConflictException(jobId, found.Status);
            }

            var requeued = await executor.WriteAsync((unit, ct) => RequeueAsync(unit, found, token, ct), cancellationToken).ConfigureAwait(false);
            if (requeued is not null)
            {
                return requeued;
            }
        }
    }

    public Task<StoredJob?> FindAsync(Guid jobId, CancellationToken cancellationToken) =>
        executor.ReadAsync((unit, ct) => FindAsync(unit, jobId, ct), cancellationToken);

    /// <summary>Null where the job has changed since it was found.</summary>
    private static async Task<Job?> RequeueAsync(UnitOfWork unit, Job found, Guid token, CancellationToken cancellationToken)
    {
        // The key may be taken at the same moment: the refusal must not end the caller's transaction.
        if (unit.Transaction is { } transaction)
        {
            await transaction.SaveAsync(RequeueSavepoint, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var requeued = await unit.Command(unit.Dialect.RequeueJob)
                .Id("id", found.Id).Number("epoch", found.Epoch).Id("token", token)
                .ReadFirstAsync(StoredJob.Read, cancellationToken).ConfigureAwait(false);
            return requeued is null && unit.IsRepeat
                ? await FindRequeuedAsync(unit, found, token, cancellationToken).ConfigureAwait(false)
                : requeued?.Job;
        }
        catch (Exception exception) when (unit.Dialect.IsDuplicate(exception))
        {
            if (unit.Transaction is { } refused)
            {
                await refused.RollbackAsync(RequeueSavepoint, cancellationToken).ConfigureAwait(false);
            }

            throw new JobConflictException(found.Id, found.Status, found.UniqueKey, exception);
        }
    }

    /// <summary>What an earlier attempt, whose answer was lost, has made of the job; null where it has not been claimed or requeued since.</summary>
    private static async Task<Job?> FindRequeuedAsync(UnitOfWork unit, Job found, Guid token, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(unit, found.Id, cancellationToken).ConfigureAwait(false);
        return stored?.Token == token ? stored.Job
            : stored?.Job.Epoch == found.Epoch ? null
            : throw new WriteInDoubtException(Kind, found.Id.ToString());
    }

    private static Task<StoredJob?> FindAsync(UnitOfWork unit, Guid jobId, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindJob).Id("id", jobId).ReadFirstAsync(StoredJob.Read, cancellationToken);

    private static Task<bool> IsAnyDueAsync(UnitOfWork unit, JobClaimRequest request, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.IsAnyJobDue).Texts("modes", [.. request.Modes]).ReadFirstAsync(row => row.Flag(0), cancellationToken);

    private static Task<List<StoredJob>> FindClaimedAsync(UnitOfWork unit, JobClaimRequest request, Guid token) =>
        unit.Command(unit.Dialect.FindClaimedJobs).Texts("modes", [.. request.Modes]).Id("token", token)
            .ReadAllAsync(StoredJob.Read, CancellationToken.None);

    private Task<List<StoredJob>> ClaimAsync(UnitOfWork unit, JobClaimRequest request, Guid token)
    {
        var (dialect, isAlone) = (unit.Dialect, !executor.InTransaction);
        return unit.Command(isAlone ? dialect.ClaimJobs : dialect.ClaimJobsInTransaction)
            .Texts("modes", [.. request.Modes]).Number("limit", request.Limit).Number("lease", Microseconds(request.Lease))
            .Id("token", token).Text("worker", request.Worker)
            .ReadAllAsync(StoredJob.Read, CancellationToken.None, isAlone ? dialect.IndexPlanResults : 0);
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
