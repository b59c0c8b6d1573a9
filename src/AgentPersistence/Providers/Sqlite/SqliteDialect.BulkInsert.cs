using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because SQLite runs in the process: a statement prepared once and run for each row costs no round trip.
    public override Task InsertManyAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        var statement = BulkStatement(
            insert, nameof(InsertManyAsync), t => $"{InsertInto(t, insert)} VALUES ({ParameterList(insert.Columns)})");
        using var prepared = new PreparedInsert<TRow>((SqliteConnection)unit.Connection, statement, insert.Columns);
        prepared.Run(rows, cancellationToken);
        return Task.CompletedTask;
    }

    // Differs because whoever writes has the database for itself: there is nobody to wait for.
    public override Task<int> InsertNewAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, bool boundsWait, CancellationToken cancellationToken)
    {
        var statement = BulkStatement(insert, nameof(InsertNew), t => InsertNew(t, insert));
        using var prepared = new PreparedInsert<TRow>((SqliteConnection)unit.Connection, statement, insert.Columns);
        return Task.FromResult(prepared.Run(rows, cancellationToken));
    }

    public override async Task<List<TRow>> FindByKeyAsync<TRow>(
        UnitOfWork unit,
        BulkInsert<TRow> insert,
        IReadOnlyList<TRow> rows,
        Func<StoreReader, TRow> read,
        CancellationToken cancellationToken)
    {
        await using var prepared = new PreparedRow<TRow>(
            unit, BulkStatement(insert, nameof(FindByKeyAsync), t => FindByKey(t, insert)), [.. insert.Key.Select(insert.Column)]);
        var found = new List<TRow>();
        foreach (var row in rows)
        {
            await using var reader = await prepared.With(row).ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                found.Add(read(new StoreReader(this, reader)));
            }
        }

        return found;
    }

    protected override string Given<TRow>(BulkInsert<TRow> columns) =>
        $"(SELECT {string.Join(", ", columns.Columns.Select((c, i) => $"value ->> {i} AS {c.Property}"))} FROM json_each(@rows)) AS given";

    protected override string AnyOf(string parameter) => $"IN (SELECT value FROM json_each({parameter}))";

    // OR FAIL does to one row what the default does, without the copy of every changed page that SQLite keeps where a table has triggers.
    private static string InsertInto<TRow>(TableMap table, BulkInsert<TRow> insert) =>
        $"INSERT OR FAIL INTO {table.Name} ({ColumnList(table, insert)})";

    // A conflict clause is no help against a missing parent, so that is asked for.
    private string InsertNew<TRow>(TableMap table, BulkInsert<TRow> insert) =>
        $"{InsertInto(table, insert)} SELECT {ParameterList(insert.Columns)} WHERE {HasParent(insert)} ON CONFLICT DO NOTHING";

    private string HasParent<TRow>(BulkInsert<TRow> insert)
    {
        if (insert.Parent is not { } given)
        {
            return "true";
        }

        var (parent, ordinal) = (Table(given.Entity), insert.Columns.TakeWhile(c => c.Property != given.Property).Count());
        return $"EXISTS (SELECT 1 FROM {parent.Name} WHERE {parent.FindColumn("Id")} = @c{ordinal})";
    }

    private static string FindByKey<TRow>(TableMap table, BulkInsert<TRow> insert) =>
        $"SELECT {string.Join(", ", table.Columns)} FROM {table.Name} "
        + $"WHERE {string.Join(" AND ", insert.Key.Select((k, i) => $"{table.FindColumn(k)} = @c{i}"))}";

    /// <summary>One statement, prepared once and run with the values of row after row.</summary>
    private sealed class PreparedRow<TRow> : IAsyncDisposable
    {
        private readonly DbCommand _command;
        private readonly IReadOnlyList<BulkColumn<TRow>> _columns;
        private readonly SqliteParameter[] _parameters;

        public PreparedRow(UnitOfWork unit, SqlStatement statement, IReadOnlyList<BulkColumn<TRow>> columns)
        {
            _columns = columns;
            _parameters = [.. columns.Select((c, i) => new SqliteParameter($"c{i}", SqliteValues.Type(c.Type)))];
            _command = unit.Connection.CreateCommand();
            _command.Transaction = unit.Transaction;
            _command.CommandText = statement.Text;
            _command.Parameters.AddRange(_parameters);
        }

        public DbCommand With(TRow row)
        {
            for (var i = 0; i < _parameters.Length; i++)
            {
                _parameters[i].Value = SqliteValues.Of(_columns[i].Value(row)) ?? DBNull.Value;
            }

            return _command;
        }

        public ValueTask DisposeAsync() => _command.DisposeAsync();
    }
}
