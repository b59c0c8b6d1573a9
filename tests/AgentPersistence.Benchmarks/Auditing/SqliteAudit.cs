using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using Microsoft.Data.Sqlite;

namespace AgentPersistence.Benchmarks.Auditing;

/// <summary>
/// By hand on SQLite: a prepared INSERT on one connection, so many rows a commit. There is one writer, because more would only wait for
/// each other, and no trigger, because hand-written code would have none.
/// </summary>
internal sealed class SqliteAudit(string connectionString, SqliteConnection connection, int rowsOfCommit) : IWork
{
    private readonly SqliteCommand _insert = Insert(connection);

    public static DatabaseCompetitor On(SqliteDatabases databases, int rowsOfCommit) => new(
        rowsOfCommit == 1 ? "INSERT, one row a commit" : $"INSERT, {rowsOfCommit:N0} rows a commit",
        databases,
        async (connectionString, _) =>
        {
            var connection = await SqliteDatabases.OpenAsync(connectionString);
            await SqliteDatabases.ExecuteAsync(connection, "DROP TRIGGER agent_audit_log_refuse_replace");
            return new SqliteAudit(connectionString, connection, rowsOfCommit);
        },
        callers: 1);

    public Task<int> RunAsync(int caller)
    {
        var row = new object?[AuditTable.Columns.Length];
        using var transaction = rowsOfCommit == 1 ? null : connection.BeginTransaction(deferred: false);
        _insert.Transaction = transaction;
        for (var n = 0; n < rowsOfCommit; n++)
        {
            AuditTable.Fill(row);
            for (var i = 0; i < row.Length; i++)
            {
                _insert.Parameters[i].Value = row[i] switch
                {
                    null => DBNull.Value,
                    Guid id => id.ToString(),
                    DateTime time => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
                    var value => value,
                };
            }

            _insert.ExecuteNonQuery();
        }

        transaction?.Commit();
        return Task.FromResult(rowsOfCommit);
    }

    public Task<long> CountStoredAsync() => SqliteDatabases.ScalarAsync(connectionString, AuditTable.Count);

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static SqliteCommand Insert(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = AuditTable.Insert("@c", first: 0);
        command.Parameters.AddRange(AuditTable.Columns.Select((_, i) => new SqliteParameter { ParameterName = $"@c{i}" }));
        command.Prepare();
        return command;
    }
}
