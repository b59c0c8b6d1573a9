using System.Data.Common;
using AgentPersistence.Auditing.Storage;

namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    public override void CopyText(DbDataReader reader, int ordinal, AuditBytes bytes)
    {
        if (reader.IsDBNull(ordinal))
        {
            bytes.Null();
            return;
        }

        var length = (int)reader.GetBytes(ordinal, 0, null, 0, 0);
        bytes.Prefix(length);
        Copy(reader, ordinal, length, bytes);
    }

    public override void CopyId(DbDataReader reader, int ordinal, AuditBytes bytes) =>
        bytes.Id(reader.IsDBNull(ordinal) ? null : reader.GetGuid(ordinal));

    public override void CopyBytes(DbDataReader reader, int ordinal, AuditBytes bytes)
    {
        if (!reader.IsDBNull(ordinal))
        {
            Copy(reader, ordinal, (int)reader.GetBytes(ordinal, 0, null, 0, 0), bytes);
        }
    }

    public override long ReadInteger(DbDataReader reader, int ordinal) => reader.GetInt64(ordinal);

    // As PostgreSQL keeps it: any value can be read, infinity too.
    public override long ReadMicroseconds(DbDataReader reader, int ordinal) =>
        reader.GetInt64(ordinal) + AuditHash.Microseconds(PostgreSqlValues.Epoch);

    private static void Copy(DbDataReader reader, int ordinal, int length, AuditBytes bytes)
    {
        var target = bytes.Next(length);
        if (length > 0 && reader.GetBytes(ordinal, 0, target.Array, target.Offset, length) != length)
        {
            throw new FormatException("A value ended early.");
        }
    }
}
