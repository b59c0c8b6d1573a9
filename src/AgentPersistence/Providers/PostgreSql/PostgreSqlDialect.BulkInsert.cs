using System.Data.Common;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Npgsql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Differs because one statement takes any number of rows as arrays: one text to prepare, one round trip.
    public override Task InsertManyAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, CancellationToken cancellationToken) =>
        unit.Command(BulkStatement(insert, nameof(InsertManyAsync), _ => InsertFromArrays(insert)))
            .Rows(insert.Columns, rows).ExecuteAsync(cancellationToken);

    public override Task<int> InsertNewAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, bool boundsWait, CancellationToken cancellationToken) =>
        unit.Command(boundsWait
            ? BulkStatement(insert, "InsertNewSoon", t => $"SELECT {BriefLockWait}; {InsertNew(t, insert)}")
            : BulkStatement(insert, nameof(InsertNew), t => InsertNew(t, insert)))
            .Rows(insert.Columns, rows).ExecuteAsync(cancellationToken);

    public override Task<List<TRow>> FindByKeyAsync<TRow>(
        UnitOfWork unit,
        BulkInsert<TRow> insert,
        IReadOnlyList<TRow> rows,
        Func<StoreReader, TRow> read,
        CancellationToken cancellationToken) =>
        unit.Command(BulkStatement(insert, nameof(FindByKeyAsync), t => FindByKey(t, insert)))
            .Rows([.. insert.Key.Select(insert.Column)], rows).ReadAllAsync(read, cancellationToken);

    protected override string Given<TRow>(BulkInsert<TRow> columns) =>
        $"unnest({string.Join(", ", columns.Columns.Select((_, i) => $"@c{i}"))}) AS given({string.Join(", ", columns.Columns.Select(c => c.Property))})";

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
}
