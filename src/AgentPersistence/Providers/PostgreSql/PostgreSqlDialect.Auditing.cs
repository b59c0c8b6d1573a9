using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Whoever gives up waiting for the head comes last again: only where nobody moves any more is it worth it.
    private const string BoundLockWait = "set_config('lock_timeout', '10s', true)";

    // A process that stands still, or whose network does, must not keep the head from all others.
    private const string BoundHold = "set_config('idle_in_transaction_session_timeout', '5s', true)";

    // Nobody is waited for: whoever holds the head may be waiting for what this transaction has inserted.
    private const string AdvanceKnownHead = """
        UPDATE {AuditHead} SET {AuditHead.Sequence} = @sequence, {AuditHead.Hash} = @hash
        WHERE {AuditHead.Id} = (
            SELECT {AuditHead.Id} FROM {AuditHead}
            WHERE {AuditHead.Id} = 1 AND {AuditHead.Sequence} = @known_sequence AND {AuditHead.Hash} = @known_hash
                AND {AuditHead.PrunedSequence} < @follows AND NOT EXISTS (SELECT 1 FROM {AuditStaged})
            FOR NO KEY UPDATE SKIP LOCKED)
        """;

    public override bool StagesAuditEntries => true;

    // Differs because a statement that waits for a lock reads what was there before it waited: the second one sees the newest.
    public override SqlStatement LockAuditHead => field ??= Statement($$"""
        SELECT {{BoundLockWait}}, {{BoundHold}};
        SELECT 1 FROM {AuditHead} WHERE {AuditHead.Id} = 1 FOR UPDATE;
        SELECT {AuditHead.Sequence}, {AuditHead.Hash}, EXISTS (SELECT 1 FROM {AuditStaged}) FROM {AuditHead} WHERE {AuditHead.Id} = 1
        """);

    // Any number will do that nobody else locks in the same database: "agent_au" as bytes.
    public override SqlStatement LockAuditMaintenance => field ??= Statement("SELECT pg_advisory_xact_lock(7018690069353423221)");

    public override int AuditHeadLockResults => 2;

    // Differs because every round trip is one more in which the head is locked.
    private SqlStatement AppendAudit => field ??= Statement($$"""
        WITH head AS (UPDATE {AuditHead} SET {AuditHead.Sequence} = @sequence, {AuditHead.Hash} = @hash WHERE {AuditHead.Id} = 1)
        {{InsertFromArrays(AuditColumns.Log)}}
        """);

    private SqlStatement AppendRowsAtHead => field ??= AppendAtHead(InsertFromArrays(AuditColumns.Log));

    // A row alone is sent as values: 22 arrays of one would cost it as much again.
    private SqlStatement AppendRowAtHead => field ??= AppendAtHead(InsertFromValues(AuditColumns.Log));

    // The transaction of these rows stays open until the commit before it has ended: neither it nor who waits for it must wait long.
    private SqlStatement InsertRowsBeside => field ??= Statement(
        $"WITH bound AS (SELECT {BriefLockWait}, {BoundHold}) {InsertFromArrays(AuditColumns.Log)} WHERE EXISTS (SELECT 1 FROM bound)");

    private SqlStatement AdvanceAuditHead => field ??= Statement(AdvanceKnownHead);

    public override Task AppendAuditAsync(UnitOfWork unit, IReadOnlyList<ChainedAuditRow> rows, CancellationToken cancellationToken) =>
        unit.Command(AppendAudit).Rows(AuditColumns.Log.Columns, rows).Number("sequence", rows[^1].Sequence).Bytes("hash", rows[^1].Hash)
            .ExecuteAsync(cancellationToken);

    public override Task<int> TryAppendAuditAsync(
        UnitOfWork unit, AuditChainEnd known, IReadOnlyList<ChainedAuditRow> rows, long follows, CancellationToken cancellationToken)
    {
        var append = rows.Count == 1
            ? unit.Command(AppendRowAtHead).Row(AuditColumns.Log.Columns, rows[0])
            : unit.Command(AppendRowsAtHead).Rows(AuditColumns.Log.Columns, rows);
        return Advance(append, known, rows[^1].Sequence, rows[^1].Hash, follows).ExecuteAsync(cancellationToken);
    }

    public override Task InsertAuditAsync(UnitOfWork unit, IReadOnlyList<ChainedAuditRow> rows, CancellationToken cancellationToken) =>
        unit.Command(InsertRowsBeside).Rows(AuditColumns.Log.Columns, rows).ExecuteAsync(cancellationToken);

    public override Task<int> TryAdvanceAuditHeadAsync(
        UnitOfWork unit, AuditChainEnd known, AuditChainEnd end, long follows, CancellationToken cancellationToken) =>
        Advance(unit.Command(AdvanceAuditHead), known, end.Sequence, end.Hash, follows).ExecuteAsync(cancellationToken);

    private static StoreCommand Advance(StoreCommand command, AuditChainEnd known, long sequence, byte[] hash, long follows) =>
        command.Number("sequence", sequence).Bytes("hash", hash)
            .Number("known_sequence", known.Sequence).Bytes("known_hash", known.Hash).Number("follows", follows);

    // One statement: the wait for a key of somebody's is bounded before the head is looked for, because a row of both is needed.
    private SqlStatement AppendAtHead(string insert) => Statement($$"""
        WITH bound AS (SELECT {{BoundLockWait}}),
        head AS ({{AdvanceKnownHead}} RETURNING 1)
        {{insert}} WHERE EXISTS (SELECT 1 FROM bound) AND EXISTS (SELECT 1 FROM head)
        """);
}
