using System.Data.Common;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Whoever gives up waiting for the head comes last again: only where nobody moves any more is it worth it.
    private const string BoundLockWait = "SELECT set_config('lock_timeout', '10s', true);";

    // A process that stands still, or whose network does, must not keep the head from all others.
    private const string BoundHold = "SELECT set_config('idle_in_transaction_session_timeout', '5s', true);";

    public override bool StagesAuditEntries => true;

    // Differs because a statement that waits for a lock reads what was there before it waited: the second one sees the newest.
    public override SqlStatement LockAuditHead => field ??= Statement($$"""
        {{BoundLockWait}}
        {{BoundHold}}
        SELECT 1 FROM {AuditHead} WHERE {AuditHead.Id} = 1 FOR UPDATE;
        SELECT {AuditHead.Sequence}, {AuditHead.Hash}, EXISTS (SELECT 1 FROM {AuditStaged}) FROM {AuditHead} WHERE {AuditHead.Id} = 1
        """);

    public override int AuditHeadLockResults => 3;

    // Differs because every round trip is one more in which the head is locked.
    private string AppendAudit => field ??= Statement($$"""
        WITH head AS (UPDATE {AuditHead} SET {AuditHead.Sequence} = @sequence, {AuditHead.Hash} = @hash WHERE {AuditHead.Id} = 1)
        {{InsertFromArrays(AuditColumns.Log)}}
        """).Text;

    private string AppendAuditAtHead => field ??= Statement($$"""
        {{BoundLockWait}}
        WITH head AS (
            UPDATE {AuditHead} SET {AuditHead.Sequence} = @sequence, {AuditHead.Hash} = @hash
            WHERE {AuditHead.Id} = 1 AND {AuditHead.Sequence} = @known_sequence AND {AuditHead.Hash} = @known_hash
                AND {AuditHead.PrunedSequence} < @follows AND NOT EXISTS (SELECT 1 FROM {AuditStaged})
            RETURNING 1)
        {{InsertFromArrays(AuditColumns.Log)}} WHERE EXISTS (SELECT 1 FROM head)
        """).Text;

    public override async Task AppendAuditAsync(UnitOfWork unit, IReadOnlyList<ChainedAuditRow> rows, CancellationToken cancellationToken)
    {
        await using var command = AppendCommand(unit, AppendAudit, rows);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task<bool> TryAppendAuditAsync(
        UnitOfWork unit, AuditChainEnd known, IReadOnlyList<ChainedAuditRow> rows, long follows, CancellationToken cancellationToken)
    {
        await using var command = AppendCommand(unit, AppendAuditAtHead, rows);
        command.Parameters.Add(NumberParameter("known_sequence", known.Sequence));
        command.Parameters.Add(BytesParameter("known_hash", known.Hash));
        command.Parameters.Add(NumberParameter("follows", follows));
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0;
    }

    private DbCommand AppendCommand(UnitOfWork unit, string text, IReadOnlyList<ChainedAuditRow> rows)
    {
        var command = unit.Connection.CreateCommand();
        command.Transaction = unit.Transaction;
        command.CommandText = text;
        command.Parameters.Add(NumberParameter("sequence", rows[^1].Sequence));
        command.Parameters.Add(BytesParameter("hash", rows[^1].Hash));
        AddArrays(command, AuditColumns.Log, rows);
        return command;
    }
}
