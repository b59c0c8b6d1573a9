using System.Data.Common;
using AgentPersistence.Auditing.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentPersistence.Providers.Sqlite;

// Differs because SQLite keeps any type in any column: a value of another type than was written is a change, however it reads.
internal sealed partial class SqliteDialect
{
    public override void CopyText(DbDataReader reader, int ordinal, AuditBytes bytes)
    {
        var statement = Statement(reader);
        if (IsNull(statement, ordinal, raw.SQLITE_TEXT))
        {
            bytes.Null();
            return;
        }

        // Asking for the length first turns the text into UTF-8 where the file keeps UTF-16.
        raw.sqlite3_column_bytes(statement, ordinal);
        bytes.Bytes(raw.sqlite3_column_blob(statement, ordinal));
    }

    // As it is stored: in upper case it would be another row's for every query.
    public override void CopyId(DbDataReader reader, int ordinal, AuditBytes bytes) => CopyText(reader, ordinal, bytes);

    public override void CopyBytes(DbDataReader reader, int ordinal, AuditBytes bytes)
    {
        var statement = Statement(reader);
        if (!IsNull(statement, ordinal, raw.SQLITE_BLOB))
        {
            bytes.Raw(raw.sqlite3_column_blob(statement, ordinal));
        }
    }

    public override long ReadInteger(DbDataReader reader, int ordinal)
    {
        var statement = Statement(reader);
        return IsNull(statement, ordinal, raw.SQLITE_INTEGER)
            ? throw new FormatException("A value is missing.")
            : raw.sqlite3_column_int64(statement, ordinal);
    }

    public override long ReadMicroseconds(DbDataReader reader, int ordinal) => ReadInteger(reader, ordinal);

    private static sqlite3_stmt Statement(DbDataReader reader) => ((SqliteDataReader)reader).Handle!;

    private static bool IsNull(sqlite3_stmt statement, int ordinal, int elseType)
    {
        var type = raw.sqlite3_column_type(statement, ordinal);
        return type == raw.SQLITE_NULL || (type == elseType ? false : throw new FormatException("A value is not of its column's type."));
    }
}
