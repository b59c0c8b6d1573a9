using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Transactions.Storage;

/// <param name="executor">Where the journal is.</param>
/// <param name="join">The transaction that a compensation is to write in.</param>
/// <param name="stores">Its stores, for the compensation, which can neither commit it nor end it.</param>
internal sealed class TransactionJournal(
    StoreExecutor executor, Func<CancellationToken, Task<JoinedTransaction>> join, Func<TransactionExecutor, IAgentTransaction> stores)
    : ITransactionJournal
{
    private readonly TransactionTable _table = new(executor);

    public async Task<TransactionReceipt> BeginAsync(NewTransaction transaction, CancellationToken cancellationToken = default)
    {
        var call = TransactionCall.Check(transaction, executor);
        var stored = (await _table.BeginAsync(call, cancellationToken).ConfigureAwait(false)).Record;
        var isOwn = stored.Id == call.Id;
        return isOwn || call.IsSameAs(stored)
            ? new(stored, AlreadyBegun: !isOwn)
            : throw new TransactionConflictException(stored.Id, stored.Status, "its idempotency key stands for another request");
    }

    public Task<JournaledTransaction> CompleteAsync(
        Guid transactionId, TransactionResult? result = null, CancellationToken cancellationToken = default) =>
        SettleAsync(TransactionSettlement.Complete(transactionId, result ?? new TransactionResult(), executor), cancellationToken);

    public Task<JournaledTransaction> FailAsync(Guid transactionId, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return SettleAsync(TransactionSettlement.Fail(transactionId, reason, executor), cancellationToken);
    }

    public async Task<RollbackReceipt> MarkRolledBackAsync(
        Guid transactionId, string? reason = null, CancellationToken cancellationToken = default)
    {
        var step = AuditRows.Complete(transactionId, new AuditOutcome(AuditStatus.RolledBack, ErrorMessage: reason), executor);
        while (true)
        {
            var (row, isOwn) = await _table.MarkAsync(transactionId, step, cancellationToken).ConfigureAwait(false);
            if (row.IsRolledBack)
            {
                return new(row.Record, AlreadyRolledBack: !isOwn);
            }

            // Otherwise it has come free since, and is marked by the next attempt.
            if (row.LeaseLeft > TimeSpan.Zero)
            {
                throw new RollbackInFlightException(transactionId, row.LeaseLeft);
            }
        }
    }

    public Task<RollbackReceipt> RollBackAsync(
        Guid transactionId,
        Func<Compensation, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default) =>
        NewRollback(settings, leavesFailed: false).RunAsync(transactionId, Outside(compensate, cancellationToken), cancellationToken);

    public Task<RollbackReceipt> RollBackAsync(
        Guid transactionId,
        Func<Compensation, IAgentTransaction, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default) =>
        NewRollback(settings, leavesFailed: false).RunAsync(transactionId, Inside(compensate, cancellationToken), cancellationToken);

    public Task<RunUndo> UndoRunAsync(
        string runId,
        Func<Compensation, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default) =>
        UndoAsync(
            Input.Key(runId, nameof(runId)), NewRollback(settings, leavesFailed: true), Outside(compensate, cancellationToken), cancellationToken);

    public Task<RunUndo> UndoRunAsync(
        string runId,
        Func<Compensation, IAgentTransaction, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default) =>
        UndoAsync(
            Input.Key(runId, nameof(runId)), NewRollback(settings, leavesFailed: true), Inside(compensate, cancellationToken), cancellationToken);

    public async Task<JournaledTransaction?> FindAsync(Guid transactionId, CancellationToken cancellationToken = default) =>
        (await _table.FindAsync(transactionId, cancellationToken).ConfigureAwait(false))?.Record;

    public async Task<JournaledTransaction?> FindByIdempotencyKeyAsync(string idempotencyKey, CancellationToken cancellationToken = default)
    {
        var key = Input.Key(idempotencyKey, nameof(idempotencyKey));
        var row = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindTransactionByKey).Text("key", key).ReadFirstAsync(TransactionRow.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return row?.Record;
    }

    public async Task<IReadOnlyList<JournaledTransaction>> QueryAsync(TransactionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (runId, userId) = (Input.OptionalKey(query.RunId, nameof(query.RunId)), Input.OptionalKey(query.UserId, nameof(query.UserId)));
        var sessionId = Input.OptionalKey(query.SessionId, nameof(query.SessionId));
        var stepKey = Input.OptionalKey(query.StepKey, nameof(query.StepKey));
        var action = Input.Name(query.Action, nameof(query.Action));
        var status = query.Status is { } asked ? EnumText<TransactionStatus>.From(Input.Defined(asked, nameof(query.Status))) : null;
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryTransactions(query))
                .Text("run_id", runId).Text("user_id", userId).Text("session_id", sessionId).Text("step_key", stepKey).Text("action", action)
                .Text("status", status).Time("from", Input.Time(query.From)).Time("to", Input.Time(query.To))
                .Time("after_time", query.After?.CreatedAt).Id("after_id", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(row => TransactionRow.Read(row).Record, ct),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<JournaledTransaction> SettleAsync(TransactionSettlement settlement, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (row, isOwn) = await _table.SettleAsync(settlement, cancellationToken).ConfigureAwait(false);
            if (isOwn || row.Record.Status == settlement.Status)
            {
                return row.Record;
            }

            if (row.Record.Status != TransactionStatus.Pending || row.IsBeingRolledBack)
            {
                var reason = row.IsBeingRolledBack ? "a compensation holds it" : $"it cannot become {settlement.Status}";
                throw new TransactionConflictException(settlement.Id, row.Record.Status, reason);
            }
        }
    }

    private async Task<RunUndo> UndoAsync(
        string runId, Rollback rollback, Func<Rollback, RollbackClaim, Task<JournaledTransaction>> way, CancellationToken cancellationToken)
    {
        var undone = new List<Guid>();
        while (true)
        {
            // Asked again at the end: the run may have gone on meanwhile.
            var steps = await _table.FindToUndoAsync(runId, cancellationToken).ConfigureAwait(false);
            if (steps.Count == 0)
            {
                return new RunUndo { RunId = runId, Undone = undone };
            }

            foreach (var (i, step) in steps.Index())
            {
                try
                {
                    var ended = await rollback.RunAsync(step, way, cancellationToken).ConfigureAwait(false);
                    if (ended.Transaction.Status == TransactionStatus.RolledBack)
                    {
                        undone.Add(step);
                    }
                }
                catch (Exception exception) when (!executor.InTransaction && !cancellationToken.IsCancellationRequested)
                {
                    return new RunUndo { RunId = runId, Undone = undone, Remaining = steps[i..], Failure = exception };
                }
            }
        }
    }

    private Rollback NewRollback(RollbackSettings? settings, bool leavesFailed) =>
        new(_table, executor, RollbackCall.Check(settings, leavesFailed, executor));

    private static Func<Rollback, RollbackClaim, Task<JournaledTransaction>> Outside(
        Func<Compensation, CancellationToken, Task> compensate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(compensate);
        return (rollback, claim) => rollback.CompensateAsync(claim, compensate, cancellationToken);
    }

    private Func<Rollback, RollbackClaim, Task<JournaledTransaction>> Inside(
        Func<Compensation, IAgentTransaction, CancellationToken, Task> compensate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(compensate);
        return (rollback, claim) =>
            rollback.CompensateInsideAsync(claim, join, (c, inside, ct) => compensate(c, stores(inside), ct), cancellationToken);
    }
}
