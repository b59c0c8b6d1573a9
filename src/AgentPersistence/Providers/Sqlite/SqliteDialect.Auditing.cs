using AgentPersistence.Auditing.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    public override bool StagesAuditEntries => false;

    // Differs because BEGIN IMMEDIATE has locked everything, and nothing is ever staged.
    public override SqlStatement LockAuditHead => field ??= Statement("""
        SELECT {AuditHead.Sequence}, {AuditHead.Hash}, false FROM {AuditHead} WHERE {AuditHead.Id} = 1
        """);

    public override SqlStatement? LockAuditMaintenance => null;

    public override int AuditHeadLockResults => 0;

    private SqlStatement AdvanceAuditHead => field ??= Statement("""
        UPDATE {AuditHead} SET {AuditHead.Sequence} = @sequence, {AuditHead.Hash} = @hash WHERE {AuditHead.Id} = 1
        """);

    public override async Task AppendAuditAsync(UnitOfWork unit, IReadOnlyList<ChainedAuditRow> rows, CancellationToken cancellationToken)
    {
        await InsertManyAsync(unit, AuditColumns.Log, rows, cancellationToken).ConfigureAwait(false);
        await unit.Command(AdvanceAuditHead).Number("sequence", rows[^1].Sequence).Bytes("hash", rows[^1].Hash)
            .ExecuteAsync(cancellationToken).ConfigureAwait(false);
    }

    // Differs because reading the head costs no round trip: there is nothing to gain by guessing it.
    public override Task<int> TryAppendAuditAsync(
        UnitOfWork unit, AuditChainEnd known, IReadOnlyList<ChainedAuditRow> rows, long follows, CancellationToken cancellationToken) =>
        Task.FromResult(0);

    public override Task InsertAuditAsync(UnitOfWork unit, IReadOnlyList<ChainedAuditRow> rows, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nobody writes beside a transaction that writes.");

    public override Task<int> TryAdvanceAuditHeadAsync(
        UnitOfWork unit, AuditChainEnd known, AuditChainEnd end, long follows, CancellationToken cancellationToken) => Task.FromResult(0);
}
