using System.Collections.Concurrent;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Jobs.Storage;
using Microsoft.Extensions.Logging;

namespace AgentPersistence.Jobs.Hosting;

/// <summary>
/// Renews the leases of all jobs that a worker holds, in one statement every third of a lease, and stops the handler of each one that is
/// lost,
/// or could be before anybody looks again.
/// </summary>
internal sealed class LeaseWatch(
    ConcurrentDictionary<Guid, HeldJob> held, TimeSpan lease, JobTable table, TimeProvider timeProvider, ILogger logger)
{
    private const int ChecksInALease = 6;

    // Below a millisecond nothing waits at all.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan _pause = lease / ChecksInALease > ShortestPause ? lease / ChecksInALease : ShortestPause;

    public async Task RunAsync(CancellationToken stop)
    {
        var renewing = Task.CompletedTask;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(_pause, timeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var job in held.Values.Where(j => !j.IsEnding && Elapsed(j) > lease - _pause))
            {
                Lose(job);
            }

            // While the database does not answer the time goes on.
            if (renewing.IsCompleted)
            {
                renewing = RenewAsync(stop);
            }
        }

        await renewing.ConfigureAwait(false);
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        var due = held.Values.Where(j => !j.IsEnding && j.Stop != JobStop.Lost && Elapsed(j) >= (lease / 3) - _pause).ToList();
        foreach (var jobs in due.Chunk(JobClaimRequest.MostJobs))
        {
            try
            {
                var sentAt = timeProvider.GetTimestamp();
                var renewals = (await table.RenewAsync([.. jobs.Select(j => j.Claim)], lease, stop).ConfigureAwait(false))
                    .ToDictionary(r => r.JobId, r => r.CancelRequested);
                foreach (var job in jobs)
                {
                    Apply(job, renewals, sentAt);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                JobLog.NotRenewed(logger, exception);
                return;
            }
        }
    }

    private void Apply(HeldJob job, Dictionary<Guid, bool> renewals, long sentAt)
    {
        if (!renewals.TryGetValue(job.Claim.Job.Id, out var isCancelRequested))
        {
            Lose(job);
            return;
        }

        job.HeldSince = sentAt;
        if (isCancelRequested)
        {
            job.Trip(JobStop.Canceled);
        }
    }

    private void Lose(HeldJob job)
    {
        // One that has just been settled is not lost.
        if (!job.IsEnding && job.Trip(JobStop.Lost))
        {
            JobLog.LeaseLost(logger, job.Claim.Job.Id, job.Mode);
        }
    }

    private TimeSpan Elapsed(HeldJob job) => timeProvider.GetElapsedTime(job.HeldSince);
}
