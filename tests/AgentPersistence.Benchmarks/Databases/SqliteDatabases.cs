using Microsoft.Data.Sqlite;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>Files in a temporary folder.</summary>
internal sealed class SqliteDatabases : IDatabases
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agent-persistence-benchmarks-").FullName;
    private readonly string _template;
    private int _count;

    private SqliteDatabases() => _template = Path.Combine(_folder, "template.sqlite");

    public static async Task<SqliteDatabases> StartAsync()
    {
        var databases = new SqliteDatabases();
        await using (var agent = new Agent(databases, ConnectionString(databases._template)))
        {
            await agent.Get<IAgentDatabase>().MigrateAsync();
        }

        return databases;
    }

    public Task<string> CreateAsync()
    {
        var file = Path.Combine(_folder, $"{_count++}.sqlite");
        File.Copy(_template, file);
        return Task.FromResult(ConnectionString(file));
    }

    public Task DropAsync(string connectionString)
    {
        var file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(file + suffix);
        }

        return Task.CompletedTask;
    }

    public void Choose(AgentPersistenceOptions options, string connectionString) => options.UseSqlite(connectionString);

    public async Task<string> DescribeAsync()
    {
        await using var connection = await OpenAsync(ConnectionString(_template));
        return $"SQLite {connection.ServerVersion}: journal_mode WAL, synchronous FULL";
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens a connection as hand-written code would, with the library's durability.</summary>
    public static async Task<SqliteConnection> OpenAsync(string connectionString)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
        return connection;
    }

    public static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<long> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string ConnectionString(string file) => new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString;
}
