using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

internal sealed class AuditMaintenance(StoreExecutor executor) : IAuditMaintenance
{
    public async Task<long> PruneAsync(long throughSequence, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(throughSequence, 1);
        await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);

        // Its own entries are not to be pruned by the batches that follow.
        var head = await executor.ReadAsync(AuditHead.GetAsync, cancellationToken).ConfigureAwait(false);
        var last = Math.Min(throughSequence, head.Sequence);
        var removed = 0L;
        for (var isFirst = true; ; isFirst = false)
        {
            var batch = new AuditPrune(executor, throughSequence, last, isFirst);
            var rows = await executor.TransactAsync(batch.RunAsync, cancellationToken).ConfigureAwait(false);
            if (rows == 0)
            {
                return removed;
            }

            removed += rows;
        }
    }

    public async Task<long> EraseAsync(AuditErasure what, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(what);
        await AuditChain.ChainStagedAsync(executor, cancellationToken).ConfigureAwait(false);
        var entry = AuditMaintenanceEntry.NewId(executor);
        return await executor.TransactAsync((unit, ct) => EraseAsync(unit, entry, what, ct), cancellationToken).ConfigureAwait(false);
    }

    private async Task<long> EraseAsync(UnitOfWork unit, Guid entry, AuditErasure what, CancellationToken cancellationToken)
    {
        var key = $"{AuditMaintenanceEntry.Erase}:{entry}";
        if (unit.IsRepeat)
        {
            var stored = await FindDetailsAsync(unit, key, cancellationToken).ConfigureAwait(false);
            if (AuditErasureDetails.Parse(stored) is { } done)
            {
                return done.Rows;
            }
        }

        await TakeTurnAsync(unit, cancellationToken).ConfigureAwait(false);

        // Before the head is locked, so that everybody else goes on logging meanwhile.
        var erased = await unit.Command(unit.Dialect.EraseAudit(what))
            .Id("entry", entry).Text("user_id", what.UserId).Text("session_id", what.SessionId).Text("run_id", what.RunId)
            .ReadAllAsync(row => (Sequence: row.Number(0), PersonalHash: row.Bytes(1)), cancellationToken).ConfigureAwait(false);
        erased.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        var rows = erased.Aggregate(AuditErasedRows.None, (all, e) => all.Add(e.Sequence, e.PersonalHash));
        var by = what.UserId is not null ? "user" : what.SessionId is not null ? "session" : "run";
        var details = new AuditErasureDetails(rows.Count, rows.Digest, by).Write();
        var row = AuditMaintenanceEntry.Create(entry, AuditMaintenanceEntry.Erase, key, details, executor);
        await AppendAsync(unit, row, cancellationToken).ConfigureAwait(false);
        return rows.Count;
    }

    /// <summary>
    /// One prune or erase at a time: one holds rows and then wants the head, the other holds the head and then wants rows, and whoever
    /// logs would wait for both.
    /// </summary>
    public static async Task TakeTurnAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        if (unit.Dialect.LockAuditMaintenance is { } statement)
        {
            await unit.Command(statement).ExecuteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What the entry says that an earlier attempt, whose answer was lost, has stored; null if it has not.</summary>
    public static Task<string?> FindDetailsAsync(UnitOfWork unit, string key, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindAuditMaintenanceByKey).Text("key", key).ReadFirstAsync(row => row.TextOrNull(0), cancellationToken);

    public static Task AppendAsync(
        UnitOfWork unit, AuditStagedEntity entry, CancellationToken cancellationToken) =>
        AuditChain.AppendAsync(unit, [new AuditAppend([entry])], cancellationToken);
}
