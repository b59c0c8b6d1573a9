using AgentPersistence.Internal.Sql;
using AgentPersistence.Transactions;

namespace AgentPersistence.Providers;

// By hand because the lease of a compensation is judged by the database's clock, and a move is one round trip that also returns the row.
internal abstract partial class SqlDialect
{
    private const string PendingTransaction = "'pending'";
    private const string CompletedTransaction = "'completed'";
    private const string FailedTransaction = "'failed'";
    private const string RolledBackTransaction = "'rolled_back'";

    private const string IsRollbackHeld = "{Transaction.RollbackToken} = @token AND {Transaction.RollbackLeaseUntil} IS NOT NULL";

    /// <summary>Stores a transaction, unless its id or its idempotency key is there; then no row comes back.</summary>
    public SqlStatement BeginTransaction => field ??= Statement($$"""
        INSERT INTO {Transaction} (
            {Transaction.Id}, {Transaction.IdempotencyKey}, {Transaction.Fingerprint}, {Transaction.RunId}, {Transaction.UserId},
            {Transaction.SessionId}, {Transaction.StepKey}, {Transaction.Intent}, {Transaction.Action}, {Transaction.Status},
            {Transaction.RollbackData}, {Transaction.AuditLogId}, {Transaction.RollbackEpoch}, {Transaction.IsTakeover},
            {Transaction.CreatedAt}, {Transaction.SettledAt})
        SELECT @id, @key, @fingerprint, @run_id, @user_id, @session_id, @step_key, @intent, @action, @status, @rollback_data, @id, 0, false,
            t.now, CASE WHEN @status = {{PendingTransaction}} THEN NULL ELSE t.now END
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE true
        ON CONFLICT DO NOTHING
        RETURNING {Transaction.*}, {{Clock}}
        """);

    public SqlStatement FindTransaction => field ??= Statement($$"""
        SELECT {Transaction.*}, {{Clock}} FROM {Transaction} WHERE {Transaction.Id} = @id
        """);

    public SqlStatement FindTransactionByKey => field ??= Statement($$"""
        SELECT {Transaction.*}, {{Clock}} FROM {Transaction} WHERE {Transaction.IdempotencyKey} = @key
        """);

    // The clock is asked anew in each place, here and below: a sub-select would keep the time from before a wait for the row.
    public SqlStatement SettleTransaction => field ??= Statement($$"""
        UPDATE {Transaction}
        SET {Transaction.Status} = @status,
            {Transaction.RollbackData} = coalesce(@rollback_data, {Transaction.RollbackData}),
            {Transaction.ResultFingerprint} = @result_fingerprint,
            {Transaction.Error} = @error,
            {Transaction.SettleId} = @settle_id,
            {Transaction.SettledAt} = {{Clock}}
        WHERE {Transaction.Id} = @id AND {{Filter($"{{Transaction.Status}} = {PendingTransaction}")}} AND {Transaction.RollbackLeaseUntil} IS NULL
        RETURNING {Transaction.*}, {{Clock}}
        """);

    /// <summary>
    /// Gives a transaction to a compensation, unless another holds it or it is rolled back. One that has it already, and has let its lease
    /// lapse before it learnt of that, does not take it over from itself.
    /// </summary>
    public SqlStatement ClaimRollback => field ??= Statement($$"""
        UPDATE {Transaction}
        SET {Transaction.RollbackToken} = @token,
            {Transaction.RollbackEpoch} = {Transaction.RollbackEpoch} + 1,
            {Transaction.IsTakeover} = {Transaction.RollbackLeaseUntil} IS NOT NULL,
            {Transaction.RollbackLeaseUntil} = {{After(Clock, "@lease")}}
        WHERE {Transaction.Id} = @id AND {Transaction.RollbackToken} IS DISTINCT FROM @token AND {{IsRollbackFree}}
            AND NOT (@leaves_failed AND {Transaction.Status} = {{FailedTransaction}})
        RETURNING {Transaction.*}, {{Clock}}
        """);

    public SqlStatement RenewRollback => field ??= Statement($$"""
        UPDATE {Transaction} SET {Transaction.RollbackLeaseUntil} = {{After(Clock, "@lease")}}
        WHERE {Transaction.Id} = @id AND {{IsRollbackHeld}}
        """);

    public SqlStatement ReleaseRollback => field ??= Statement($$"""
        UPDATE {Transaction} SET {Transaction.RollbackLeaseUntil} = NULL, {Transaction.RollbackError} = @error
        WHERE {Transaction.Id} = @id AND {{IsRollbackHeld}}
        """);

    /// <summary>Stores that the compensation which holds the transaction has succeeded.</summary>
    public SqlStatement MarkCompensated => field ??= Statement(MarkRolledBackWhere(IsRollbackHeld));

    /// <summary>Stores that the host has undone the effect by itself, unless a compensation holds the transaction.</summary>
    public SqlStatement MarkRolledBack => field ??= Statement(MarkRolledBackWhere(IsRollbackFree));

    /// <summary>What an undo of a run has to roll back, in its order.</summary>
    public SqlStatement FindTransactionsToUndo => field ??= Statement($$"""
        SELECT {Transaction.Id} FROM {Transaction}
        WHERE {Transaction.RunId} = @run_id AND {{Filter($"{{Transaction.Status}} IN ({PendingTransaction}, {CompletedTransaction})")}}
        ORDER BY {Transaction.CreatedAt} DESC, {Transaction.Id} DESC
        """);

    private string IsRollbackFree => $$"""
        {Transaction.Status} <> {{RolledBackTransaction}}
            AND ({Transaction.RollbackLeaseUntil} IS NULL OR {Transaction.RollbackLeaseUntil} <= {{Clock}})
        """;

    /// <summary>One page, the last begun first. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QueryTransactions(TransactionQuery query) => Statement($$"""
        SELECT {Transaction.*}, {{Clock}}
        FROM {Transaction}
        WHERE true
            {{(query.RunId is null ? "" : "AND {Transaction.RunId} = @run_id")}}
            {{(query.UserId is null ? "" : "AND {Transaction.UserId} = @user_id")}}
            {{(query.SessionId is null ? "" : "AND {Transaction.SessionId} = @session_id")}}
            {{(query.StepKey is null ? "" : "AND {Transaction.StepKey} = @step_key")}}
            {{(query.Action is null ? "" : "AND {Transaction.Action} = @action")}}
            {{(query.Status is null ? "" : "AND {Transaction.Status} = @status")}}
            {{(query.From is null ? "" : "AND {Transaction.CreatedAt} >= @from")}}
            {{(query.To is null ? "" : "AND {Transaction.CreatedAt} < @to")}}
            {{(query.After is null ? "" : "AND ({Transaction.CreatedAt}, {Transaction.Id}) < (@after_time, @after_id)")}}
        ORDER BY {Transaction.CreatedAt} DESC, {Transaction.Id} DESC
        LIMIT @limit
        """);

    private string MarkRolledBackWhere(string condition) => $$"""
        UPDATE {Transaction}
        SET {Transaction.Status} = {{RolledBackTransaction}},
            {Transaction.RollbackToken} = @token,
            {Transaction.RollbackLeaseUntil} = NULL,
            {Transaction.RollbackError} = NULL,
            {Transaction.RolledBackAt} = {{Clock}}
        WHERE {Transaction.Id} = @id AND {{condition}}
        RETURNING {Transaction.*}, {{Clock}}
        """;
}
