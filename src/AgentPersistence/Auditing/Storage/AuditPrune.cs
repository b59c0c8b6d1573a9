using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// One batch of a prune up to the last row that may go: moves the pruned part's end, deletes what is before it, and logs that, all in
/// one commit.
/// </summary>
internal sealed class AuditPrune(StoreExecutor executor, long requested, long last, bool recordsNothing)
{
    // Everybody who logs waits for one batch.
    private const long BatchRows = 5_000;

    private readonly Guid _writeId = executor.Ids.Next();

    private string Key => $"{AuditMaintenanceEntry.Prune}:{_writeId}";

    /// <summary>Returns the number of rows removed; 0 when there is nothing left to remove.</summary>
    public async Task<long> RunAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        if (unit.IsRepeat)
        {
            var stored = await AuditMaintenance.FindDetailsAsync(unit, Key, cancellationToken).ConfigureAwait(false);
            if (AuditPruneDetails.Parse(stored) is { } done)
            {
                return done.Rows;
            }
        }

        await AuditMaintenance.TakeTurnAsync(unit, cancellationToken).ConfigureAwait(false);

        // Locks the head, so that the log does not grow behind the cut.
        await AuditChain.AppendAsync(unit, [], cancellationToken).ConfigureAwait(false);
        var head = await AuditHead.GetAsync(unit, cancellationToken).ConfigureAwait(false);
        if (await FindCutAsync(unit, head, cancellationToken).ConfigureAwait(false) is { } cut)
        {
            return await CutAsync(unit, head, cut, cancellationToken).ConfigureAwait(false);
        }

        if (recordsNothing)
        {
            var nothing = new AuditPruneDetails(requested, head.PrunedSequence, Convert.ToHexStringLower(head.PrunedHash), 0, null);
            await AppendAsync(unit, AuditMaintenanceEntry.NewId(executor), nothing, cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    private async Task<long?> FindCutAsync(UnitOfWork unit, AuditHead head, CancellationToken cancellationToken)
    {
        // A batch is larger only where an action is longer.
        for (var rows = BatchRows; head.PrunedSequence < last; rows *= 2)
        {
            var through = Math.Min(last, head.PrunedSequence + rows);
            var cut = await unit.Command(unit.Dialect.FindAuditCut).Number("after", head.PrunedSequence).Number("through", through)
                .ReadFirstAsync(row => row.NumberOrNull(0), cancellationToken).ConfigureAwait(false);
            if (cut is not null || through == last)
            {
                return cut;
            }
        }

        return null;
    }

    private async Task<long> CutAsync(UnitOfWork unit, AuditHead head, long cut, CancellationToken cancellationToken)
    {
        var hash = await unit.Command(unit.Dialect.FindAuditHash).Number("sequence", cut)
            .ReadFirstAsync(row => row.Bytes(0), cancellationToken).ConfigureAwait(false);
        var erasures = await CollectErasuresAsync(unit, head, cut, cancellationToken).ConfigureAwait(false);
        await unit.Command(unit.Dialect.AdvancePrunedAudit).Number("sequence", cut).Bytes("hash", hash)
            .ExecuteAsync(cancellationToken).ConfigureAwait(false);
        var rows = await unit.Command(unit.Dialect.DeletePrunedAudit).Number("sequence", cut)
            .ExecuteAsync(cancellationToken).ConfigureAwait(false);
        var details = new AuditPruneDetails(requested, cut, Convert.ToHexStringLower(hash!), rows, erasures is [] ? null : erasures);
        await AppendAsync(unit, AuditMaintenanceEntry.PruneId(cut, hash), details, cancellationToken).ConfigureAwait(false);
        return rows;
    }

    /// <summary>How far each erasure that is recorded in what is left has come with the rows that go, now and before.</summary>
    private static async Task<List<AuditPrunedErasure>> CollectErasuresAsync(
        UnitOfWork unit, AuditHead head, long cut, CancellationToken cancellationToken)
    {
        var erasures = new AuditErasures();
        var before = head.PrunedSequence == 0
            ? null
            : await AuditPruneDetails.FindAsync(unit, head, cancellationToken).ConfigureAwait(false);
        if (before?.Erasures is { Count: > 0 } earlier)
        {
            var left = await unit.Command(unit.Dialect.FindAuditEntriesBehind)
                .Ids("ids", [.. earlier.Select(e => e.Entry)]).Number("through", cut)
                .ReadAllAsync(row => row.Id(0), cancellationToken).ConfigureAwait(false);
            foreach (var erasure in earlier.Where(e => left.Contains(e.Entry)))
            {
                erasures.Seed(erasure.Entry, new AuditErasedRows(erasure.Rows, erasure.Sha256));
            }
        }

        var erased = await unit.Command(unit.Dialect.FindAuditErasuresIn).Number("after", head.PrunedSequence).Number("through", cut)
            .ReadAllAsync(row => (Sequence: row.Number(0), PersonalHash: row.Bytes(1), Entry: row.Id(2)), cancellationToken)
            .ConfigureAwait(false);
        foreach (var row in erased)
        {
            erasures.Seed(row.Entry, row.Sequence, row.PersonalHash);
        }

        return [.. erasures.Rows.Select(e => new AuditPrunedErasure(e.Key, e.Value.Count, e.Value.Digest))];
    }

    private Task AppendAsync(UnitOfWork unit, Guid id, AuditPruneDetails details, CancellationToken cancellationToken) =>
        AuditMaintenance.AppendAsync(
            unit, AuditMaintenanceEntry.Create(id, AuditMaintenanceEntry.Prune, Key, details.Write(), executor), cancellationToken);
}
