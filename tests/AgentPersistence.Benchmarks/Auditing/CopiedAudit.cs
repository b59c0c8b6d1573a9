using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Npgsql;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>By hand: binary COPY of 1,000 rows, each its own commit, on one connection. It is the most that the table takes.</summary>
internal sealed class CopiedAudit(string connectionString, NpgsqlConnection connection) : IWork
{
    private const int Rows = 1_000;

    public static DatabaseCompetitor On(PostgreSqlDatabases databases) => new(
        "binary COPY, 1,000 rows a commit",
        databases,
        async (connectionString, _) =>
        {
            var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            return new CopiedAudit(connectionString, connection);
        },
        callers: 1);

    public async Task<int> RunAsync(int caller)
    {
        var row = new object?[AuditTable.Columns.Length];
        await using var import = await connection.BeginBinaryImportAsync(
            $"COPY {AuditTable.Name} ({AuditTable.ColumnNames}) FROM STDIN (FORMAT BINARY)");
        for (var n = 0; n < Rows; n++)
        {
            AuditTable.Fill(row);
            await import.StartRowAsync();
            for (var i = 0; i < row.Length; i++)
            {
                await (row[i] is { } value ? import.WriteAsync(value, AuditTable.Columns[i].Type) : import.WriteNullAsync());
            }
        }

        return (int)await import.CompleteAsync();
    }

    public Task<long> CountStoredAsync() => PostgreSqlDatabases.ScalarAsync<long>(connectionString, AuditTable.Count);

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
