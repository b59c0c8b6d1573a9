using AgentPersistence.Internal.Sql;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>Values as SQLite takes them.</summary>
internal static class SqliteValues
{
    public static SqliteType Type(StoredType type) => type switch
    {
        StoredType.Number or StoredType.Decimal or StoredType.Time or StoredType.Flag => SqliteType.Integer,
        StoredType.Real => SqliteType.Real,
        StoredType.Bytes => SqliteType.Blob,
        _ => SqliteType.Text,
    };

    public static object? Of(object? value) => value switch
    {
        DateTimeOffset time => UnixMicroseconds.From(time),
        Guid id => id.ToString(),
        decimal number => Trillionths.From(number),
        _ => value,
    };
}
