using System.Data.Common;
using System.Text.Json;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    public override async Task InsertManyAsync<TRow>(
        UnitOfWork unit, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        // Differs because SQLite runs in the process: a statement prepared once and run for each row costs no round trip.
        var table = Table(insert.Entity);
        await using var command = unit.Connection.CreateCommand();
        command.Transaction = unit.Transaction;
        command.CommandText = $"INSERT INTO {table.Name} ({string.Join(", ", insert.Columns.Select(c => table.FindColumn(c.Property)))}) "
            + $"VALUES ({string.Join(", ", insert.Columns.Select((_, i) => $"@c{i}"))})";
        var parameters = insert.Columns.Select((c, i) => new SqliteParameter($"c{i}", Type(c.Type))).ToArray();
        command.Parameters.AddRange(parameters);
        foreach (var row in rows)
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i].Value = Value(insert.Columns[i].Value(row)) ?? DBNull.Value;
            }

            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override DbParameter TextsParameter(string name, IReadOnlyCollection<string> values) =>
        Parameter(name, SqliteType.Text, JsonSerializer.Serialize(values));

    public override DbParameter IdsParameter(string name, IReadOnlyCollection<Guid> values) =>
        Parameter(name, SqliteType.Text, JsonSerializer.Serialize(values));

    // Differs because SQLite has no arrays: the list is passed as JSON.
    protected override string AnyOf(string parameter) => $"IN (SELECT value FROM json_each({parameter}))";

    private static SqliteType Type(BulkType type) => type switch
    {
        BulkType.Number or BulkType.Time => SqliteType.Integer,
        BulkType.Bytes => SqliteType.Blob,
        _ => SqliteType.Text,
    };

    private static object? Value(object? value) => value switch
    {
        DateTimeOffset time => UnixMicroseconds.From(time),
        Guid id => id.ToString(),
        _ => value,
    };
}
