using AgentPersistence.Approvals;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Jobs.Storage;

/// <summary>
/// Jobs that wait for approvals. Whoever begins to wait and whoever decides meet at the approval's row: who comes first there is seen by
/// the other.
/// </summary>
internal sealed class JobApprovals(StoreExecutor executor)
{
    /// <summary>Settles a claim so that the job waits for the approval, or for nothing if that is decided.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="approvalId">The approval.</param>
    /// <param name="atMost">How long it waits at most, in microseconds.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What has become of the job, and whether it waits.</returns>
    public Task<(JobStatus Status, bool Waits)> WaitAsync(
        JobClaim claim, Guid approvalId, long atMost, CancellationToken cancellationToken)
    {
        var mayBeStored = false;
        return executor.TransactAsync(
            async (unit, ct) =>
            {
                mayBeStored |= unit.IsRepeat;
                var left = await LeftAsync(unit, approvalId, ct).ConfigureAwait(false);
                var settlement = new JobSettlement(claim, JobMove.Back)
                {
                    Delay = Math.Min(atMost, left),
                    WaitingFor = left > 0 ? approvalId : null,
                    MayBeStored = mayBeStored,
                };
                return (await DirectJobWriter.SettleAsync(unit, settlement, ct).ConfigureAwait(false), left > 0);
            },
            cancellationToken);
    }

    /// <summary>Wakes who waits for approvals that the unit has decided; returns the modes of the jobs.</summary>
    public static Task<List<string>> WakeAsync(UnitOfWork unit, IReadOnlyList<Guid> approvals, CancellationToken cancellationToken) =>
        approvals.Count == 0
            ? Task.FromResult<List<string>>([])
            : unit.Command(unit.Dialect.WakeJobsWaitingFor).Ids("approvals", approvals).ReadAllAsync(row => row.Text(0), cancellationToken);

    /// <summary>For how many microseconds the approval can still be decided; it is not until the transaction ends.</summary>
    private static async Task<long> LeftAsync(UnitOfWork unit, Guid approvalId, CancellationToken cancellationToken) =>
        await unit.Command(unit.Dialect.LockApprovalToWaitFor).Id("approval", approvalId)
            .ReadFirstAsync(
                row => (long?)(row.Flag(0) ? 0
                    : row.TimeOrNull(1) is { } expiresAt ? (expiresAt - row.Time(2)).Ticks / TimeSpan.TicksPerMicrosecond
                    : long.MaxValue),
                cancellationToken).ConfigureAwait(false) is { } left
            ? Math.Max(left, 0)
            : throw new ApprovalNotFoundException(approvalId);
}
