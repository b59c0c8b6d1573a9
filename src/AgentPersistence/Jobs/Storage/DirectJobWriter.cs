using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Jobs.Storage;

/// <summary>
/// Writes each caller's jobs by themselves: inside one transaction, or where somebody's transaction may have to be waited for.
/// </summary>
internal sealed class DirectJobWriter(StoreExecutor executor) : IJobWriter
{
    private const string Kind = "job";

    public static LeaseLostException Lost(JobClaim claim, Exception? cause = null) => new(Kind, claim.Job.Id.ToString(), claim.Token, cause);

    public Task EnqueueAsync(JobEnqueue enqueue, CancellationToken cancellationToken) => executor.WriteAsync(
        async (unit, ct) =>
        {
            await JobEnqueue.StoreAsync(unit, [enqueue], ct).ConfigureAwait(false);
            return enqueue;
        },
        cancellationToken);

    public Task<JobStatus> SettleAsync(JobSettlement settlement, CancellationToken cancellationToken) => executor.WriteAsync(
        (unit, ct) => SettleAsync(unit, settlement, ct), cancellationToken, settlement.MayBeStored);

    public static async Task<JobStatus> SettleAsync(UnitOfWork unit, JobSettlement settlement, CancellationToken cancellationToken)
    {
        settlement.MayBeStored |= unit.IsRepeat;
        var (claim, id) = (settlement.Claim, settlement.Claim.Job.Id);
        var status = await unit.Command(unit.Dialect.SettleJob)
            .Id("id", id).Id("token", claim.Token).Text("move", settlement.MoveText)
            .Json("result", settlement.Result).Text("error", settlement.Error)
            .Number("delay", settlement.Delay).Id("waiting_for", settlement.WaitingFor)
            .ReadFirstAsync(row => row.Text(0), cancellationToken).ConfigureAwait(false);
        if (status is not null)
        {
            return EnumText<JobStatus>.Parse(status);
        }

        var stored = await unit.Command(unit.Dialect.FindJob).Id("id", id).ReadFirstAsync(StoredJob.Read, cancellationToken).ConfigureAwait(false);
        if (settlement.FoundIn(stored) is { } found)
        {
            return found;
        }

        // Who has claimed it since may have found it settled by this call.
        throw settlement.MayBeStored && stored is not null && stored.Token != claim.Token
            ? new WriteInDoubtException(Kind, id.ToString())
            : Lost(claim);
    }
}
