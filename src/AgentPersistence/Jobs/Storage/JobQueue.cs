using System.Text.Json;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Jobs.Hosting;

namespace AgentPersistence.Jobs.Storage;

internal sealed class JobQueue(StoreExecutor executor, IJobWriter writer, JobSignals signals) : IJobQueue
{
    private readonly JobTable _table = new(executor);

    public async Task<Job> EnqueueAsync(NewJob job, CancellationToken cancellationToken = default) =>
        (await EnqueueAsync([JobRow.Check(job, executor)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<Job>> EnqueueAsync(IReadOnlyList<NewJob> jobs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var rows = jobs.Select(j => JobRow.Check(j, executor)).ToList();
        return rows.Count == 0 ? [] : await EnqueueAsync(rows, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<JobClaim>> ClaimAsync(
        IReadOnlyList<string> modes, int limit = 1, TimeSpan? lease = null, string? worker = null, CancellationToken cancellationToken = default)
    {
        var request = JobClaimRequest.Check(modes, limit, lease ?? executor.Options.Jobs.Lease, worker);
        return (await _table.ClaimAsync(request, cancellationToken).ConfigureAwait(false)).Claims;
    }

    public Task<JobHeartbeat> HeartbeatAsync(JobClaim claim, CancellationToken cancellationToken = default) =>
        _table.HeartbeatAsync(Check(claim), cancellationToken);

    public Task CompleteAsync(JobClaim claim, JsonElement? result = null, CancellationToken cancellationToken = default)
    {
        var json = Input.Json(result, nameof(result), executor.Options.MaxJsonBytes);
        return SettleAsync(new JobSettlement(Check(claim), JobMove.Done) { Result = json }, cancellationToken);
    }

    public Task<JobStatus> FailAsync(JobClaim claim, string error, bool retry = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(error);
        var settlement = new JobSettlement(Check(claim), retry ? JobMove.Retry : JobMove.Failed)
        {
            Error = Input.Text(error),
            Delay = Microseconds(RetryDelays.Next(claim.Attempt, executor.Options.Jobs)),
        };
        return SettleAsync(settlement, cancellationToken);
    }

    public Task<JobStatus> SnoozeAsync(JobClaim claim, TimeSpan delay, CancellationToken cancellationToken = default)
    {
        Input.Wait(delay, Input.MaxTimeToLive, nameof(delay));
        return SettleAsync(new JobSettlement(Check(claim), JobMove.Back) { Delay = Microseconds(delay) }, cancellationToken);
    }

    public async Task<JobStatus> ReleaseAsync(JobClaim claim, CancellationToken cancellationToken = default)
    {
        var status = await SettleAsync(new JobSettlement(Check(claim), JobMove.Back), cancellationToken).ConfigureAwait(false);
        Signal(claim.Job.Mode);
        return status;
    }

    public async Task<JobStatus> WaitForApprovalAsync(
        JobClaim claim, Guid approvalId, TimeSpan atMost, CancellationToken cancellationToken = default)
    {
        Input.Duration(atMost, Input.MaxTimeToLive, nameof(atMost));
        cancellationToken.ThrowIfCancellationRequested();
        var (status, waits) = await new JobApprovals(executor)
            .WaitAsync(Check(claim), approvalId, Microseconds(atMost), cancellationToken).ConfigureAwait(false);
        if (!waits)
        {
            Signal(claim.Job.Mode);
        }

        return status;
    }

    public Task<Job> CancelAsync(Guid jobId, CancellationToken cancellationToken = default) => _table.CancelAsync(jobId, cancellationToken);

    public async Task<Job> RequeueAsync(Guid jobId, CancellationToken cancellationToken = default)
    {
        var job = await _table.RequeueAsync(jobId, cancellationToken).ConfigureAwait(false);
        Signal(job.Mode);
        return job;
    }

    public async Task<Job?> FindAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        (await _table.FindAsync(jobId, cancellationToken).ConfigureAwait(false))?.Job;

    public async Task<IReadOnlyList<Job>> QueryAsync(JobQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var mode = Input.OptionalKey(query.Mode, nameof(query.Mode));
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        _ = query.Status is { } status ? Input.Defined(status, nameof(query.Status)) : default;
        var found = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryJobs(query))
                .Text("mode", mode).Id("thread_id", query.ThreadId).Id("trigger_message_id", query.TriggerMessageId)
                .Id("waiting_for", query.WaitingFor).Id("after", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(StoredJob.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(f => f.Job);
    }

    private async Task<Job[]> EnqueueAsync(IReadOnlyList<JobRow> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var enqueue = new JobEnqueue(rows);
        await writer.EnqueueAsync(enqueue, cancellationToken).ConfigureAwait(false);
        foreach (var job in enqueue.Jobs)
        {
            // What is due later is found by polling.
            if (!job.AlreadyQueued && job.RunAt <= job.CreatedAt)
            {
                Signal(job.Mode);
            }
        }

        return enqueue.Jobs;
    }

    private Task<JobStatus> SettleAsync(JobSettlement settlement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return writer.SettleAsync(settlement, cancellationToken);
    }

    private void Signal(string mode) => executor.AfterCommit(() => signals.Raise(mode));

    private static JobClaim Check(JobClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return claim;
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
