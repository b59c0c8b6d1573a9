using System.Data;
using System.Data.Common;
using AgentPersistence;
using Npgsql;

namespace QuickStart.Tampering;

/// <summary>The audit log's tables in a schema of their own in the same database. Needs the right to create a schema.</summary>
public sealed class PostgreSqlLogCopy : LogCopy
{
    private static readonly string[] Tables = ["agent_audit_log", "agent_audit_staged", "agent_audit_head"];

    private readonly string _schema = $"quickstart_{Guid.CreateVersion7():n}";
    private readonly string _original;

    private PostgreSqlLogCopy(string connectionString) =>
        _original = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    private string ConnectionString => new NpgsqlConnectionStringBuilder(_original) { SearchPath = _schema }.ConnectionString;

    public static async Task<LogCopy> CreateAsync(string connectionString, CancellationToken cancellationToken)
    {
        var copy = new PostgreSqlLogCopy(connectionString);
        await using var connection = new NpgsqlConnection(copy._original);
        await connection.OpenAsync(cancellationToken);

        // One snapshot: other hosts may be writing.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(connection, $"CREATE SCHEMA {copy._schema}", cancellationToken);
        foreach (var table in Tables)
        {
            // LIKE takes columns and indexes along, and leaves the triggers.
            await ExecuteAsync(connection, $"CREATE TABLE {copy._schema}.{table} (LIKE {table} INCLUDING ALL)", cancellationToken);
            await ExecuteAsync(connection, $"INSERT INTO {copy._schema}.{table} SELECT * FROM {table}", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return copy;
    }

    public override void Use(AgentPersistenceOptions options) => options.UsePostgreSql(ConnectionString);

    protected override async Task<DbConnection> OpenWithoutTriggersAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    protected override async Task RemoveAsync()
    {
        await using var connection = new NpgsqlConnection(_original);
        await connection.OpenAsync();
        await ExecuteAsync(connection, $"DROP SCHEMA {_schema} CASCADE", CancellationToken.None);
    }
}
