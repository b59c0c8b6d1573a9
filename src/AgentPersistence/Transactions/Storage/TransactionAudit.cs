using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Transactions.Storage;

/// <summary>Logs each step of a transaction in the unit that stores it.</summary>
internal static class TransactionAudit
{
    public const string EventType = "transaction";

    public static Task BeginAsync(StoreExecutor executor, UnitOfWork unit, AuditStagedEntity entry, CancellationToken cancellationToken) =>
        AppendAsync(executor.Within(unit), new AuditAppend([entry]), cancellationToken);

    /// <summary>
    /// Logs what became of a transaction, behind its last step. Where that was pruned, or somebody else has completed the entry, the step
    /// is an entry of its own that names the transaction: neither must keep an effect from being undone.
    /// </summary>
    public static async Task FollowAsync(
        StoreExecutor executor, UnitOfWork unit, AuditStagedEntity step, TransactionRow row, CancellationToken cancellationToken)
    {
        var within = executor.Within(unit);
        step.PreviousId = row.SettleId is { } settled && settled != step.Id ? settled : row.Record.AuditLogId;
        var append = new AuditAppend([step]);
        await AppendAsync(within, append, cancellationToken).ConfigureAwait(false);
        if (append.IsRefused)
        {
            var entry = AuditRows.Prepare(OwnEntry(step, row.Record), executor);
            await AppendAsync(within, new AuditAppend([entry]), cancellationToken).ConfigureAwait(false);
        }
    }

    private static AuditEntry OwnEntry(AuditStagedEntity step, JournaledTransaction transaction) => new()
    {
        RunId = transaction.RunId,
        UserId = transaction.UserId,
        SessionId = transaction.SessionId,
        EventType = EventType,
        Intent = transaction.Intent,
        Action = transaction.Action,
        Output = StoredJson.Parse(step.OutputData),
        Details = StoredJson.Parse($$"""{"transactionId":"{{transaction.Id}}"}"""),
        Status = EnumText<AuditStatus>.Parse(step.Status),
        ErrorMessage = step.ErrorMessage,
    };

    private static Task AppendAsync(StoreExecutor within, AuditAppend append, CancellationToken cancellationToken) =>
        new TransactionAuditAppender(within).AppendAsync(append, cancellationToken).AsTask();
}
