using AgentPersistence.Internal.Sql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>A column of many rows as the array that <c>unnest</c> takes.</summary>
internal static class BulkArrays
{
    public static NpgsqlDbType Type(BulkType type) => NpgsqlDbType.Array | ElementType(type);

    public static NpgsqlDbType ElementType(BulkType type) => type switch
    {
        BulkType.Json => NpgsqlDbType.Json,
        BulkType.Number => NpgsqlDbType.Bigint,
        BulkType.Real => NpgsqlDbType.Double,
        BulkType.Decimal => NpgsqlDbType.Numeric,
        BulkType.Flag => NpgsqlDbType.Boolean,
        BulkType.Time => NpgsqlDbType.TimestampTz,
        BulkType.Id => NpgsqlDbType.Uuid,
        BulkType.Bytes => NpgsqlDbType.Bytea,
        _ => NpgsqlDbType.Text,
    };

    public static Array Of<TRow>(BulkColumn<TRow> column, IReadOnlyList<TRow> rows) => column.Type switch
    {
        BulkType.Number => Fill(column, rows, value => (long?)value),
        BulkType.Real => Fill(column, rows, value => (double?)value),
        BulkType.Decimal => Fill(column, rows, value => (decimal?)value),
        BulkType.Flag => Fill(column, rows, value => (bool?)value),
        BulkType.Time => Fill(column, rows, value => PostgreSqlDialect.PostgresMicroseconds((DateTimeOffset?)value)),
        BulkType.Id => Fill(column, rows, value => (Guid?)value),
        BulkType.Bytes => Fill(column, rows, value => (byte[]?)value),
        _ => Fill(column, rows, value => (string?)value),
    };

    /// <summary>The value of one row, where it is sent alone.</summary>
    public static object One<TRow>(BulkColumn<TRow> column, TRow row) => column.Value(row) switch
    {
        null => DBNull.Value,
        DateTimeOffset time => PostgreSqlDialect.PostgresMicroseconds(time)!,
        var value => value,
    };

    private static T[] Fill<TRow, T>(BulkColumn<TRow> column, IReadOnlyList<TRow> rows, Func<object?, T> convert)
    {
        var values = rows.Count == 0 ? [] : new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = convert(column.Value(rows[i]));
        }

        return values;
    }
}
