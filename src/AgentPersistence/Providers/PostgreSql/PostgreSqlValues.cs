using AgentPersistence.Internal.Sql;
using NpgsqlTypes;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>Values as PostgreSQL takes them.</summary>
internal static class PostgreSqlValues
{
    public static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static NpgsqlDbType Type(StoredType type) => type switch
    {
        StoredType.Json => NpgsqlDbType.Json,
        StoredType.Number => NpgsqlDbType.Bigint,
        StoredType.Real => NpgsqlDbType.Double,
        StoredType.Decimal => NpgsqlDbType.Numeric,
        StoredType.Flag => NpgsqlDbType.Boolean,
        StoredType.Time => NpgsqlDbType.TimestampTz,
        StoredType.Id => NpgsqlDbType.Uuid,
        StoredType.Bytes => NpgsqlDbType.Bytea,
        _ => NpgsqlDbType.Text,
    };

    public static NpgsqlDbType ArrayType(StoredType type) => NpgsqlDbType.Array | Type(type);

    public static object Of(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => Microseconds(time),
        _ => value,
    };

    /// <summary>A column of many rows as the array that <c>unnest</c> takes.</summary>
    public static Array ArrayOf<TRow>(BulkColumn<TRow> column, IReadOnlyList<TRow> rows) => column.Type switch
    {
        StoredType.Number => Fill(column, rows, value => (long?)value),
        StoredType.Real => Fill(column, rows, value => (double?)value),
        StoredType.Decimal => Fill(column, rows, value => (decimal?)value),
        StoredType.Flag => Fill(column, rows, value => (bool?)value),
        StoredType.Time => Fill(column, rows, value => value is DateTimeOffset time ? Microseconds(time) : (long?)null),
        StoredType.Id => Fill(column, rows, value => (Guid?)value),
        StoredType.Bytes => Fill(column, rows, value => (byte[]?)value),
        _ => Fill(column, rows, value => (string?)value),
    };

    // The number that PostgreSQL keeps: as a DateTime Npgsql would make the earliest time -infinity, which cannot be subtracted, and the
    // host's switches for time stamps would change what is read.
    private static long Microseconds(DateTimeOffset time) => (time.UtcTicks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond;

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
