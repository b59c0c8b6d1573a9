using System.Data.Common;
using AgentPersistence;
using Microsoft.Data.Sqlite;

namespace QuickStart.Tampering;

/// <summary>The whole database as a second file, in a folder of its own.</summary>
public sealed class SqliteLogCopy : LogCopy
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quickstart-").FullName;

    private string ConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "copy.sqlite"), Pooling = false }.ConnectionString;

    public static async Task<LogCopy> CreateAsync(string connectionString, CancellationToken cancellationToken)
    {
        var copy = new SqliteLogCopy();
        await using var source = new SqliteConnection(connectionString);
        await using var target = new SqliteConnection(copy.ConnectionString);
        await source.OpenAsync(cancellationToken);
        source.BackupDatabase(target);
        return copy;
    }

    public override void Use(AgentPersistenceOptions options) => options.UseSqlite(ConnectionString);

    protected override async Task<DbConnection> OpenWithoutTriggersAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var trigger in await TriggersAsync(connection, cancellationToken))
        {
            await ExecuteAsync(connection, $"DROP TRIGGER \"{trigger}\"", cancellationToken);
        }

        return connection;
    }

    protected override Task RemoveAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static async Task<List<string>> TriggersAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'agent_audit_log'";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
