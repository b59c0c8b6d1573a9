using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Transactions.Storage;

/// <summary>How a transaction's effect ended, checked, with the audit row that says so; that row's id identifies the write.</summary>
internal sealed record TransactionSettlement(Guid Id, TransactionStatus Status, AuditStagedEntity Step)
{
    public string? RollbackData { get; private init; }

    public string? ResultFingerprint { get; private init; }

    public static TransactionSettlement Complete(Guid id, TransactionResult result, StoreExecutor executor) =>
        new(id, TransactionStatus.Completed, AuditRows.Complete(id, new AuditOutcome(AuditStatus.Success, result.Output), executor))
        {
            RollbackData = Input.Json(result.RollbackData, nameof(result.RollbackData), executor.Options.MaxJsonBytes),
            ResultFingerprint = Input.OptionalKey(result.ResultFingerprint, nameof(result.ResultFingerprint)),
        };

    public static TransactionSettlement Fail(Guid id, string error, StoreExecutor executor) =>
        new(id, TransactionStatus.Failed, AuditRows.Complete(id, new AuditOutcome(AuditStatus.Failure, ErrorMessage: error), executor));

    public StoreCommand Settle(UnitOfWork unit) => unit.Command(unit.Dialect.SettleTransaction)
        .Id("id", Id).Text("status", EnumText<TransactionStatus>.From(Status)).Json("rollback_data", RollbackData)
        .Text("result_fingerprint", ResultFingerprint).Text("error", Step.ErrorMessage).Id("settle_id", Step.Id);
}
