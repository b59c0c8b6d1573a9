using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>
/// Appends inside one transaction. Where others write meanwhile the rows are staged, to be chained after the commit, so that a slow
/// transaction holds nobody up; where the transaction excludes every other writer they are chained at once.
/// </summary>
internal sealed class TransactionAuditAppender(StoreExecutor executor) : IAuditAppender
{
    public ValueTask AppendAsync(AuditAppend append, CancellationToken cancellationToken) => new(executor.TransactAsync(
        async (unit, ct) =>
        {
            if (unit.Dialect.StagesAuditEntries)
            {
                await StageAsync(unit, append, ct).ConfigureAwait(false);
            }
            else
            {
                await AuditChain.AppendAsync(unit, [append], ct).ConfigureAwait(false);
            }

            return append;
        },
        cancellationToken));

    private static async Task StageAsync(UnitOfWork unit, AuditAppend append, CancellationToken cancellationToken)
    {
        var logged = await LoggedAuditRows.FindAsync(unit, append.Rows, checkIds: false, cancellationToken, inTransaction: true).ConfigureAwait(false);
        append.IsRefused = append.Rows.Any(logged.IsTooLate);
        var staged = new List<AuditStagedEntity>();
        for (var i = 0; i < append.Rows.Length && !append.IsRefused; i++)
        {
            var row = append.Rows[i];
            if (logged.Find(row) is { } earlier)
            {
                append.Receipts[i] = earlier.Receipt(alreadyLogged: true);
                continue;
            }

            staged.Add(row);
            logged.Add(row, sequence: null);
            append.Receipts[i] = new AuditReceipt(row.ActionId, Sequence: null, AlreadyLogged: false);
        }

        if (staged.Count > 0)
        {
            await unit.Dialect.InsertManyAsync(unit, AuditColumns.Staged, staged, cancellationToken).ConfigureAwait(false);
        }
    }
}
