using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>Appends inside one transaction, which holds the rows' keys until it ends: only others who use the same keys wait.</summary>
internal sealed class TransactionRowAppender<TRow>(StoreExecutor executor, AppendTable<TRow> table) : IRowAppender<TRow>
    where TRow : class
{
    private readonly RowAppends<TRow> _appends = new(table);

    public Task AppendAsync(RowAppend<TRow> append, CancellationToken cancellationToken) => executor.TransactAsync(
        async (unit, ct) =>
        {
            await _appends.AppendAsync(unit, [append], boundsWait: false, ct).ConfigureAwait(false);
            return append;
        },
        cancellationToken);
}
