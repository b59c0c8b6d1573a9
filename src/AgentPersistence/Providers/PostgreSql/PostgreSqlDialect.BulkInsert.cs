using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    public override async Task InsertManyAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        // Differs because one statement takes any number of rows as arrays: one text to prepare, one round trip.
        var statement = BulkStatement(insert, nameof(InsertManyAsync), _ => InsertFromArrays(insert));
        await using var command = ArraysCommand(unit, statement, insert.Columns, rows);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task<int> InsertNewAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, bool boundsWait, CancellationToken cancellationToken)
    {
        var statement = boundsWait
            ? BulkStatement(insert, "InsertNewSoon", t => $"SELECT {BriefLockWait}; {InsertNew(t, insert)}")
            : BulkStatement(insert, nameof(InsertNew), t => InsertNew(t, insert));
        await using var command = ArraysCommand(unit, statement, insert.Columns, rows);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task<List<TRow>> FindByKeyAsync<TRow>(
        UnitOfWork unit,
        BulkInsert<TRow> insert,
        IReadOnlyList<TRow> rows,
        Func<StoreReader, TRow> read,
        CancellationToken cancellationToken)
    {
        var statement = BulkStatement(insert, nameof(FindByKeyAsync), t => FindByKey(t, insert));
        await using var command = ArraysCommand(unit, statement, [.. insert.Key.Select(insert.Column)], rows);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var found = new List<TRow>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add(read(new StoreReader(this, reader)));
        }

        return found;
    }

    public override DbParameter TextsParameter(string name, IReadOnlyCollection<string> values) =>
        new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };

    public override DbParameter IdsParameter(string name, IReadOnlyCollection<Guid> values) =>
        new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = values.ToArray() };

    protected override string AnyOf(string parameter) => $"= ANY({parameter})";

    private string InsertFromArrays<TRow>(BulkInsert<TRow> insert)
    {
        var table = Table(insert.Entity);
        return $"INSERT INTO {table.Name} ({ColumnList(table, insert)}) SELECT * FROM unnest({ParameterList(insert.Columns)})";
    }

    private string InsertFromValues<TRow>(BulkInsert<TRow> insert)
    {
        var table = Table(insert.Entity);
        return $"INSERT INTO {table.Name} ({ColumnList(table, insert)}) SELECT {ParameterList(insert.Columns)}";
    }

    // The parent cannot be deleted once it is locked, so the foreign key never fails.
    private string InsertNew<TRow>(TableMap table, BulkInsert<TRow> insert)
    {
        var parent = insert.Parent is { } given ? Table(given.Entity) : null;
        var columns = ColumnList(table, insert);
        return $"INSERT INTO {table.Name} ({columns}) SELECT given.* FROM unnest({ParameterList(insert.Columns)}) AS given({columns}) "
            + (parent is null ? "" : $"JOIN {parent.Name} AS parent "
                + $"ON parent.{parent.FindColumn("Id")} = given.{table.FindColumn(insert.Parent!.Property)} FOR KEY SHARE OF parent ")
            + "ON CONFLICT DO NOTHING";
    }

    private static string FindByKey<TRow>(TableMap table, BulkInsert<TRow> insert)
    {
        var key = insert.Key.Select(table.FindColumn).ToList();
        return $"SELECT {string.Join(", ", table.Columns.Select(c => "stored." + c))} "
            + $"FROM unnest({ParameterList(insert.Key.Select(insert.Column))}) AS given({string.Join(", ", key)}) "
            + $"JOIN {table.Name} AS stored ON {string.Join(" AND ", key.Select(c => $"stored.{c} = given.{c}"))}";
    }

    private static DbCommand ArraysCommand<TRow>(
        UnitOfWork unit, SqlStatement statement, IReadOnlyList<BulkColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        var command = unit.Connection.CreateCommand();
        command.Transaction = unit.Transaction;
        command.CommandText = statement.Text;
        AddArrays(command, columns, rows);
        return command;
    }

    private static void AddArrays<TRow>(DbCommand command, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows) =>
        AddArrays(command, insert.Columns, rows);

    private static void AddArrays<TRow>(DbCommand command, IReadOnlyList<BulkColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            command.Parameters.Add(new NpgsqlParameter($"c{i}", BulkArrays.Type(columns[i].Type)) { Value = BulkArrays.Of(columns[i], rows) });
        }
    }
}
