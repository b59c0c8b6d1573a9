using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>By hand: a prepared INSERT of one row, each its own commit.</summary>
internal sealed class InsertedAudit(string connectionString, PreparedConnections connections) : IWork
{
    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "prepared INSERT, one row",
        databases,
        async (connectionString, callers) =>
            new InsertedAudit(connectionString, await PreparedConnections.OpenAsync(connectionString, callers, Insert)));

    public async Task<int> RunAsync(int caller)
    {
        var row = new object?[AuditTable.Columns.Length];
        AuditTable.Fill(row);
        var commands = await connections.TakeAsync();
        for (var i = 0; i < row.Length; i++)
        {
            commands[0].Parameters[i].Value = row[i] ?? DBNull.Value;
        }

        await commands[0].ExecuteNonQueryAsync();
        connections.PutBack(commands);
        return 1;
    }

    public Task<long> CountStoredAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, AuditTable.Count);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlCommand Insert()
    {
        var command = new NpgsqlCommand(AuditTable.Insert("$", first: 1));
        command.Parameters.AddRange(AuditTable.Columns.Select(c => new NpgsqlParameter { NpgsqlDbType = c.Type }).ToArray());
        return command;
    }
}
