using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>What is stored of rows that were sent: themselves, or others that have their keys.</summary>
internal sealed class StoredRows<TRow>
    where TRow : class
{
    private readonly AppendTable<TRow> _table;
    private readonly HashSet<Guid> _ids;
    private readonly Dictionary<string, TRow> _byKey;

    private StoredRows(AppendTable<TRow> table, IEnumerable<Guid> ids, IEnumerable<TRow> byKey)
    {
        _table = table;
        _ids = [.. ids];
        _byKey = byKey.ToDictionary(r => table.Key(r)!, StringComparer.Ordinal);
    }

    public static async Task<StoredRows<TRow>> FindAsync(
        UnitOfWork unit, AppendTable<TRow> table, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        var ids = await unit.Command(unit.Dialect.FindStoredIds(table.Insert)).Ids("ids", [.. rows.Select(table.Id)])
            .ReadAllAsync(row => row.Id(0), cancellationToken).ConfigureAwait(false);
        var found = new StoredRows<TRow>(table, ids, []);
        var others = rows.Where(r => !found.HasItself(r) && table.Key(r) is not null).DistinctBy(table.Key).ToList();
        return others.Count == 0 ? found : new StoredRows<TRow>(
            table,
            ids,
            await unit.Dialect.FindByKeyAsync(unit, table.Insert, others, table.Read, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Whether the row itself is stored, by this attempt or by an earlier one whose answer was lost.</summary>
    public bool HasItself(TRow row) => _ids.Contains(_table.Id(row));

    /// <summary>The row itself, or the one that has its key; null where neither is stored.</summary>
    public TRow? Find(TRow row) => HasItself(row) ? row : _table.Key(row) is { } key ? _byKey.GetValueOrDefault(key) : null;
}
