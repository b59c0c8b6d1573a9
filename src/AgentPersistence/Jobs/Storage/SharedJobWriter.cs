using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Jobs.Storage;

/// <summary>
/// Writes outside transactions: concurrent callers' jobs are stored, and their claims settled, in shared commits. A shared commit never
/// waits for a row: what could, or does, meet somebody's transaction is written by itself.
/// </summary>
internal sealed class SharedJobWriter : IJobWriter, IAsyncDisposable, IDisposable
{
    private readonly StoreExecutor _executor;
    private readonly DirectJobWriter _direct;
    private readonly GroupCommit<JobEnqueue> _enqueues;
    private readonly GroupCommit<JobSettlement> _settlements;

    public SharedJobWriter(StoreExecutor executor)
    {
        _executor = executor;
        _direct = new DirectJobWriter(executor);
        _enqueues = new GroupCommit<JobEnqueue>(EnqueueAsync, executor.Dialect.RunsInProcess);
        _settlements = new GroupCommit<JobSettlement>(SettleAsync, executor.Dialect.RunsInProcess);
    }

    public Task EnqueueAsync(JobEnqueue enqueue, CancellationToken cancellationToken) => enqueue.MayBeTaken
        ? _direct.EnqueueAsync(enqueue, cancellationToken)
        : _enqueues.CommitAsync(enqueue, enqueue.Rows.Count, enqueue.Size, cancellationToken).AsTask();

    public async Task<JobStatus> SettleAsync(JobSettlement settlement, CancellationToken cancellationToken)
    {
        await _settlements.CommitAsync(settlement, 1, settlement.Size, cancellationToken).ConfigureAwait(false);

        // Not cancelled any more: the shared commit may have stored it.
        return settlement.Status ?? await _direct.SettleAsync(settlement, CancellationToken.None).ConfigureAwait(false);
    }

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _enqueues.DisposeAsync().ConfigureAwait(false);
        await _settlements.DisposeAsync().ConfigureAwait(false);
    }

    private Task<IReadOnlyList<JobEnqueue>> EnqueueAsync(
        IReadOnlyList<JobEnqueue> enqueues, CancellationToken cancellationToken) => _executor.WriteAsync(
        async (unit, ct) =>
        {
            await JobEnqueue.StoreAsync(unit, enqueues, ct).ConfigureAwait(false);
            return enqueues;
        },
        cancellationToken);

    private Task<IReadOnlyList<JobSettlement>> SettleAsync(
        IReadOnlyList<JobSettlement> settlements, CancellationToken cancellationToken) => _executor.WriteAsync(
        async (unit, ct) =>
        {
            // Of two settlements of one claim one is left to itself, to learn what the other has made of the job.
            var first = settlements.DistinctBy(s => s.Claim.Job.Id).ToDictionary(s => s.Claim.Job.Id);
            foreach (var settlement in settlements)
            {
                settlement.MayBeStored |= unit.IsRepeat;
            }

            var settled = await unit.Command(unit.Dialect.SettleFreeJobs).Rows(JobSettlement.Columns.Columns, [.. first.Values])
                .ReadAllAsync(row => (Id: row.Id(0), Status: row.Text(1)), ct, unit.Dialect.IndexPlanResults).ConfigureAwait(false);
            foreach (var (id, status) in settled)
            {
                first[id].Status = EnumText<JobStatus>.Parse(status);
            }

            return settlements;
        },
        cancellationToken);
}
