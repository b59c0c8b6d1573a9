using System.Collections.Concurrent;
using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because LINQ writes row by row, and these are the appends that everybody waits for.
internal abstract partial class SqlDialect
{
    private readonly ConcurrentDictionary<(object Insert, string Use), SqlStatement> _bulkStatements = [];

    /// <summary>Inserts the rows, all or none, inside the unit's transaction or as one statement.</summary>
    public abstract Task InsertManyAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts those rows whose id and key are free and whose parent, if rows have one, is there; returns how many that were. It waits
    /// for whoever is about to store or delete one of these; a bounded wait fails soon (<see cref="IsLockTimeout"/>).
    /// </summary>
    public abstract Task<int> InsertNewAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, bool boundsWait, CancellationToken cancellationToken);

    /// <summary>Reads the stored rows that have the keys of these, each as <c>{Entity.*}</c>.</summary>
    public abstract Task<List<TRow>> FindByKeyAsync<TRow>(
        UnitOfWork unit,
        BulkInsert<TRow> insert,
        IReadOnlyList<TRow> rows,
        Func<StoreReader, TRow> read,
        CancellationToken cancellationToken);

    /// <summary>Which of the ids <c>@ids</c> are stored.</summary>
    public SqlStatement FindStoredIds<TRow>(BulkInsert<TRow> insert) => BulkStatement(
        insert, nameof(FindStoredIds), t => $"SELECT {t.FindColumn("Id")} FROM {t.Name} WHERE {t.FindColumn("Id")} {AnyOf("@ids")}");

    /// <summary>Deletes the rows <c>@ids</c>.</summary>
    public SqlStatement DeleteRows<TRow>(BulkInsert<TRow> insert) => BulkStatement(
        insert, nameof(DeleteRows), t => $"DELETE FROM {t.Name} WHERE {t.FindColumn("Id")} {AnyOf("@ids")}");

    /// <summary>The rows <c>given</c>, under the names of their columns, in a FROM.</summary>
    protected abstract string Given<TRow>(BulkInsert<TRow> columns);

    /// <summary>The SQL that holds when what stands before it is one of the parameter's values.</summary>
    protected abstract string AnyOf(string parameter);

    /// <summary>A statement about the table of a bulk insert, written once.</summary>
    protected SqlStatement BulkStatement<TRow>(BulkInsert<TRow> insert, string use, Func<TableMap, string> write) =>
        _bulkStatements.TryGetValue((insert, use), out var statement)
            ? statement
            : _bulkStatements[(insert, use)] = new SqlStatement(write(Table(insert.Entity)), TakesNow: false);

    protected static string ColumnList<TRow>(TableMap table, BulkInsert<TRow> insert) =>
        string.Join(", ", insert.Columns.Select(c => table.FindColumn(c.Property)));

    protected static string ParameterList<TRow>(IEnumerable<BulkColumn<TRow>> columns) =>
        string.Join(", ", columns.Select((_, i) => $"@c{i}"));
}
