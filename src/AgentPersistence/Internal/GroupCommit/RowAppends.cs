using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Appends rows in one unit of work. The insert skips what it cannot store; only then is it looked up why: the row itself is stored
/// (an answer was lost), its key is taken, or its parent is not there. None of these harms another append.
/// </summary>
internal sealed class RowAppends<TRow>(AppendTable<TRow> table)
    where TRow : class
{
    /// <summary>How often a row may find its key taken, and a moment later free again.</summary>
    private const int MostTries = 10;

    /// <param name="unit">A transaction; or one statement's, where no append can be divided.</param>
    /// <param name="appends">What to append; each is told what became of it.</param>
    /// <param name="boundsWait">Whether to give up soon when somebody's transaction is in the way.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task AppendAsync(
        UnitOfWork unit, IReadOnlyList<RowAppend<TRow>> appends, bool boundsWait, CancellationToken cancellationToken)
    {
        foreach (var append in appends)
        {
            append.Begin(unit.IsRepeat);
        }

        for (var (open, tries) = (appends, 1); open.Count > 0; tries++)
        {
            var rows = InOrder(open);
            var inserted = await unit.Dialect.InsertNewAsync(unit, table.Insert, rows, boundsWait, cancellationToken).ConfigureAwait(false);
            if (inserted == rows.Length)
            {
                Answer(open, row => row);
                return;
            }

            var stored = await StoredRows<TRow>.FindAsync(unit, table, rows, cancellationToken).ConfigureAwait(false);
            open = await JudgeAsync(unit, open, stored, tries, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses and answers appends; returns those that have to be sent again.</summary>
    private async Task<IReadOnlyList<RowAppend<TRow>>> JudgeAsync(
        UnitOfWork unit, IReadOnlyList<RowAppend<TRow>> appends, StoredRows<TRow> stored, int tries, CancellationToken cancellationToken)
    {
        foreach (var append in appends)
        {
            append.Refusal = append.Rows.Select(row => Refuse(row, stored, tries)).FirstOrDefault(r => r is not null);
        }

        var accepted = appends.Where(a => a.Refusal is null).ToList();
        var withdrawn = appends.Where(a => a.Refusal is not null).SelectMany(a => a.Rows).Where(stored.HasItself).Select(table.Id).ToList();
        if (withdrawn.Count > 0)
        {
            // All or none; and another append may have been skipped for what now goes.
            await unit.Command(unit.Dialect.DeleteRows(table.Insert)).Ids("ids", withdrawn)
                .ExecuteAsync(cancellationToken).ConfigureAwait(false);
            return accepted;
        }

        if (accepted.Exists(a => a.Rows.Any(row => stored.Find(row) is null)))
        {
            return tries < MostTries
                ? accepted
                : throw new InvalidOperationException($"A row of {table.Insert.Entity.Name} is neither inserted nor found.");
        }

        Answer(accepted, row => stored.Find(row)!);
        return [];
    }

    private AgentPersistenceException? Refuse(TRow row, StoredRows<TRow> stored, int tries)
    {
        if (stored.Find(row) is not { } found)
        {
            // A row with a key is sent once more: what had its key may have gone before it was read.
            return table.Key(row) is null || tries > 1 ? table.ParentMissing?.Invoke(row) : null;
        }

        return found == row ? null : table.Conflict(row, found);
    }

    private static void Answer(IReadOnlyList<RowAppend<TRow>> appends, Func<TRow, TRow> stored)
    {
        foreach (var append in appends)
        {
            for (var i = 0; i < append.Rows.Count; i++)
            {
                append.Stored[i] = stored(append.Rows[i]);
            }
        }
    }

    /// <summary>All rows, ordered by key, so that two processes with the same keys do not wait for each other.</summary>
    private TRow[] InOrder(IReadOnlyList<RowAppend<TRow>> appends)
    {
        TRow[] rows = appends.Count == 1 ? [.. appends[0].Rows] : [.. appends.SelectMany(a => a.Rows)];
        if (rows.Length > 1 && table.Insert.Key.Count > 0)
        {
            Array.Sort(Array.ConvertAll(rows, r => table.Key(r)), rows, StringComparer.Ordinal);
        }

        return rows;
    }
}
