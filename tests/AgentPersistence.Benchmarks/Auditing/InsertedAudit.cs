using AgentPersistence.Benchmarks.Databases;
using Npgsql;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>By hand: the row of one entry, without a chain.</summary>
internal static class InsertedAudit
{
    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => InsertedRows.On(databases, Insert, Next, AuditTable.Count);

    private static object?[] Next()
    {
        var row = new object?[AuditTable.Columns.Length];
        AuditTable.Fill(row);
        return row;
    }

    private static NpgsqlCommand Insert()
    {
        var command = new NpgsqlCommand(AuditTable.Insert("$", first: 1));
        command.Parameters.AddRange(AuditTable.Columns.Select(c => new NpgsqlParameter { NpgsqlDbType = c.Type }).ToArray());
        return command;
    }
}
