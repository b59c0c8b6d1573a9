using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Transactions.Storage;

/// <summary>A transaction to begin whose members have been checked, with the audit entry that says so. Both have one id.</summary>
internal sealed record TransactionCall
{
    public required AuditStagedEntity Entry { get; init; }

    public required string? IdempotencyKey { get; init; }

    public required string? Fingerprint { get; init; }

    public required string? StepKey { get; init; }

    public required string? RollbackData { get; init; }

    public required string Status { get; init; }

    public Guid Id => Entry.Id;

    public static TransactionCall Check(NewTransaction transaction, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (Input.Defined(transaction.Status, nameof(transaction.Status)) is not (TransactionStatus.Pending or TransactionStatus.Completed))
        {
            throw new ArgumentException("A transaction begins as Pending or Completed.", nameof(transaction.Status));
        }

        var entry = new AuditEntry
        {
            RunId = transaction.RunId,
            UserId = transaction.UserId,
            SessionId = transaction.SessionId,
            EventType = TransactionAudit.EventType,
            Intent = transaction.Intent,
            Action = transaction.Action,
            Input = transaction.Input,
            Status = transaction.Status == TransactionStatus.Pending ? AuditStatus.Pending : AuditStatus.Success,
        };
        return new()
        {
            IdempotencyKey = Input.OptionalKey(transaction.IdempotencyKey, nameof(transaction.IdempotencyKey)),
            Fingerprint = Input.OptionalKey(transaction.Fingerprint, nameof(transaction.Fingerprint)),
            StepKey = Input.OptionalKey(transaction.StepKey, nameof(transaction.StepKey)),
            RollbackData = Input.Json(transaction.RollbackData, nameof(transaction.RollbackData), executor.Options.MaxJsonBytes),
            Status = EnumText<TransactionStatus>.From(transaction.Status),
            Entry = AuditRows.Prepare(entry, executor),
        };
    }

    public StoreCommand Begin(UnitOfWork unit) => unit.Command(unit.Dialect.BeginTransaction)
        .Id("id", Id).Text("key", IdempotencyKey).Text("fingerprint", Fingerprint).Text("run_id", Entry.RunId).Text("user_id", Entry.UserId)
        .Text("session_id", Entry.SessionId).Text("step_key", StepKey).Text("intent", Entry.Intent).Text("action", Entry.Action)
        .Text("status", Status).Json("rollback_data", RollbackData);

    /// <summary>Whether a stored transaction is what this call asks for. Nobody is somebody too.</summary>
    public bool IsSameAs(JournaledTransaction stored) => stored.UserId == Entry.UserId
        && (stored.Fingerprint is null || Fingerprint is null || stored.Fingerprint == Fingerprint);
}
