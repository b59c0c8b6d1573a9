using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Transactions.Storage;

/// <summary>
/// The moves from state to state, each with its audit row in one commit. A move that changed nothing looks for its own write id, so that
/// one whose answer was lost finds itself again. What callers pass has been checked.
/// </summary>
internal sealed class TransactionTable(StoreExecutor executor)
{
    private const string Kind = "transaction";

    private readonly StagedAuditRows _staged = new(executor);

    public static LeaseLostException Lost(RollbackClaim claim, Exception? cause = null) => new(Kind, $"{claim.Id}", claim.Token, cause);

    /// <summary>Stores a transaction; the one that its key is stored with already, otherwise.</summary>
    public async Task<TransactionRow> BeginAsync(TransactionCall call, CancellationToken cancellationToken)
    {
        await _staged.KeepFewAsync(cancellationToken).ConfigureAwait(false);
        return await executor.TransactAsync((unit, ct) => BeginAsync(unit, call, ct), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes or fails a pending transaction; returns it as it stands, and whether it bears this settlement.</summary>
    public Task<(TransactionRow Row, bool IsOwn)> SettleAsync(TransactionSettlement settlement, CancellationToken cancellationToken) =>
        MoveAsync(
            settlement.Id,
            unit => settlement.Settle(unit),
            row => row.SettleId == settlement.Step.Id,
            settlement.Step,
            cancellationToken);

    /// <summary>Marks a transaction that no compensation holds; returns it as it stands, and whether it bears this mark.</summary>
    public Task<(TransactionRow Row, bool IsOwn)> MarkAsync(Guid id, AuditStagedEntity step, CancellationToken cancellationToken) =>
        MoveAsync(
            id,
            unit => unit.Command(unit.Dialect.MarkRolledBack).Id("id", id).Id("token", step.Id),
            row => row.IsMarkedBy(step.Id),
            step,
            cancellationToken);

    /// <summary>Marks what a compensation has undone.</summary>
    /// <exception cref="LeaseLostException">Another claim took over. Nothing was stored.</exception>
    public async Task<JournaledTransaction> MarkAsync(RollbackClaim claim, CancellationToken cancellationToken)
    {
        var step = AuditRows.Complete(claim.Id, new AuditOutcome(AuditStatus.RolledBack), executor);
        var (row, isOwn) = await MoveAsync(
            claim.Id,
            unit => unit.Command(unit.Dialect.MarkCompensated).Id("id", claim.Id).Id("token", claim.Token),
            row => row.IsMarkedBy(claim.Token),
            step,
            cancellationToken).ConfigureAwait(false);
        return isOwn ? row.Record : throw Lost(claim);
    }

    /// <summary>Claims a transaction for a compensation; null where it cannot be had, or what was asked is no longer so.</summary>
    public Task<RollbackClaim?> TryClaimAsync(Guid id, Guid token, RollbackCall call, CancellationToken cancellationToken) =>
        executor.WriteAsync(
            async (unit, ct) =>
            {
                var (lease, sentAt) = (call.Lease, executor.TimeProvider.GetTimestamp());
                var row = await unit.Command(unit.Dialect.ClaimRollback)
                    .Id("id", id).Id("token", token).Number("lease", Microseconds(lease)).Flag("leaves_failed", call.LeavesFailed)
                    .ReadFirstAsync(TransactionRow.Read, ct).ConfigureAwait(false);
                if (row is null && unit.IsRepeat)
                {
                    // A lost answer has used up some of the lease, or all of it.
                    sentAt = executor.TimeProvider.GetTimestamp();
                    var isHeld = await RenewAsync(unit, id, token, lease, ct).ConfigureAwait(false);
                    row = isHeld ? await ReadAsync(unit, id, ct).ConfigureAwait(false) : null;
                }

                return row?.Token != token ? null : new RollbackClaim(
                    new Compensation { Transaction = row.Record, Token = token, IsTakeover = row.IsTakeover }, lease, sentAt);
            },
            cancellationToken);

    /// <exception cref="LeaseLostException">Another claim took over, or the transaction is rolled back.</exception>
    public Task RenewAsync(RollbackClaim claim, CancellationToken cancellationToken) => executor.WriteAsync(
        async (unit, ct) => await RenewAsync(unit, claim.Id, claim.Token, claim.Lease, ct).ConfigureAwait(false) ? true : throw Lost(claim),
        cancellationToken);

    /// <summary>
    /// Gives a claim back, with why, and returns the transaction as it then stands. It waits for a transaction that marks it, so the answer
    /// is final.
    /// </summary>
    public Task<TransactionRow?> ReleaseAsync(Guid id, Guid token, string error, CancellationToken cancellationToken) => executor.WriteAsync(
        async (unit, ct) =>
        {
            await unit.Command(unit.Dialect.ReleaseRollback).Id("id", id).Id("token", token).Text("error", error)
                .ExecuteAsync(ct).ConfigureAwait(false);
            return await ReadAsync(unit, id, ct).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<TransactionRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        executor.ReadAsync((unit, ct) => ReadAsync(unit, id, ct), cancellationToken);

    public async Task<TransactionRow> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new TransactionNotFoundException(id);

    public Task<List<Guid>> FindToUndoAsync(string runId, CancellationToken cancellationToken) => executor.ReadAsync(
        (unit, ct) => unit.Command(unit.Dialect.FindTransactionsToUndo).Text("run_id", runId).ReadAllAsync(row => row.Id(0), ct),
        cancellationToken);

    private async Task<TransactionRow> BeginAsync(UnitOfWork unit, TransactionCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await call.Begin(unit).ReadFirstAsync(TransactionRow.Read, cancellationToken).ConfigureAwait(false) is { } begun)
            {
                await TransactionAudit.BeginAsync(executor, unit, call.Entry, cancellationToken).ConfigureAwait(false);
                return begun;
            }

            // Its own row is looked for first: that it is there says that an earlier attempt was stored.
            var stored = await ReadAsync(unit, call.Id, cancellationToken).ConfigureAwait(false)
                ?? await unit.Command(unit.Dialect.FindTransactionByKey).Text("key", call.IdempotencyKey)
                    .ReadFirstAsync(TransactionRow.Read, cancellationToken).ConfigureAwait(false);
            if (stored is not null)
            {
                return stored;
            }
        }
    }

    private Task<(TransactionRow Row, bool IsOwn)> MoveAsync(
        Guid id,
        Func<UnitOfWork, StoreCommand> move,
        Func<TransactionRow, bool> isOwn,
        AuditStagedEntity step,
        CancellationToken cancellationToken) =>
        executor.TransactAsync(
            async (unit, ct) =>
            {
                if (await move(unit).ReadFirstAsync(TransactionRow.Read, ct).ConfigureAwait(false) is { } moved)
                {
                    await TransactionAudit.FollowAsync(executor, unit, step, moved, ct).ConfigureAwait(false);
                    return (moved, true);
                }

                var found = await ReadAsync(unit, id, ct).ConfigureAwait(false) ?? throw new TransactionNotFoundException(id);
                return (found, isOwn(found));
            },
            cancellationToken);

    private static async Task<bool> RenewAsync(UnitOfWork unit, Guid id, Guid token, TimeSpan lease, CancellationToken cancellationToken) =>
        await unit.Command(unit.Dialect.RenewRollback).Id("id", id).Id("token", token).Number("lease", Microseconds(lease))
            .ExecuteAsync(cancellationToken).ConfigureAwait(false) > 0;

    private static Task<TransactionRow?> ReadAsync(UnitOfWork unit, Guid id, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindTransaction).Id("id", id).ReadFirstAsync(TransactionRow.Read, cancellationToken);

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
