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

    public override int AuditHeadLockResults => 0;

    // Differs because reading the head costs no round trip: there is nothing to gain by guessing it.
    public override Task<bool> TryAppendAuditAsync(
        UnitOfWork unit, AuditChainEnd known, IReadOnlyList<ChainedAuditRow> rows, long follows, CancellationToken cancellationToken) =>
        Task.FromResult(false);
}
