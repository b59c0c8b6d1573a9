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
        await using var command = unit.Connection.CreateCommand();
        command.Transaction = unit.Transaction;
        command.CommandText = InsertFromArrays(insert);
        AddArrays(command, insert, rows);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public override DbParameter TextsParameter(string name, IReadOnlyCollection<string> values) =>
        new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };

    public override DbParameter IdsParameter(string name, IReadOnlyCollection<Guid> values) =>
        new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = values.ToArray() };

    protected override string AnyOf(string parameter) => $"= ANY({parameter})";

    private string InsertFromArrays<TRow>(BulkInsert<TRow> insert)
    {
        var table = Table(insert.Entity);
        var columns = string.Join(", ", insert.Columns.Select(c => table.FindColumn(c.Property)));
        var arrays = string.Join(", ", insert.Columns.Select((_, i) => $"@c{i}"));
        return $"INSERT INTO {table.Name} ({columns}) SELECT * FROM unnest({arrays})";
    }

    private static void AddArrays<TRow>(DbCommand command, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows)
    {
        for (var i = 0; i < insert.Columns.Count; i++)
        {
            var column = insert.Columns[i];
            var values = rows.Select(column.Value);
            var (type, array) = column.Type switch
            {
                BulkType.Json => (NpgsqlDbType.Json, (Array)Array<string?>(values)),
                BulkType.Number => (NpgsqlDbType.Bigint, Array<long?>(values)),
                BulkType.Time => (
                    NpgsqlDbType.TimestampTz, Array<long?>(values.Select(v => PostgresMicroseconds((DateTimeOffset?)v) as object))),
                BulkType.Id => (NpgsqlDbType.Uuid, Array<Guid?>(values)),
                BulkType.Bytes => (NpgsqlDbType.Bytea, Array<byte[]?>(values)),
                _ => (NpgsqlDbType.Text, Array<string?>(values)),
            };
            command.Parameters.Add(new NpgsqlParameter($"c{i}", NpgsqlDbType.Array | type) { Value = array });
        }
    }

    private static T[] Array<T>(IEnumerable<object?> values) => [.. values.Select(v => (T)v!)];
}
