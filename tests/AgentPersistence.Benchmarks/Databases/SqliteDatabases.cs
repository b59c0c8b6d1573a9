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

    public FillingSql Sql { get; } = new(
        Series: rows => $"(WITH RECURSIVE s(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM s WHERE n < {rows - 1}) SELECT n FROM s)",
        SecondsAgo: seconds => $"CAST(unixepoch('now') - ({seconds}) AS integer) * 1000000",
        At: seconds => $"({Numbered.Time(0).ToUnixTimeSeconds()} + ({seconds})) * 1000000",
        Id: number => $"printf('00000000-0000-0000-0000-%012x', {number})",
        Hex: number => $"printf('%010x', {number})",
        Bytes: bytes => $"x'{Convert.ToHexString(bytes)}'");

    public Task<string> CreateAsync(string? copyOf = null)
    {
        var file = Path.Combine(_folder, $"{_count++}.sqlite");
        File.Copy(copyOf is null ? _template : FileOf(copyOf), file);
        return Task.FromResult(ConnectionString(file));
    }

    public async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await ExecuteAsync(connection, sql);
    }

    public Task SettleAsync(string connectionString) => ExecuteAsync(connectionString, "PRAGMA wal_checkpoint(TRUNCATE)");

    public Task<long> SizeAsync(string connectionString) =>
        ScalarAsync(connectionString, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");

    public Task DropAsync(string connectionString)
    {
        var file = FileOf(connectionString);
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

    /// <summary>Opens a connection as hand-written code would, with the library's durability, cache and checkpoints.</summary>
    public static async Task<SqliteConnection> OpenAsync(string connectionString)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
            PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;
            """);
        return connection;
    }

    public static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<long> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string FileOf(string connectionString) => new SqliteConnectionStringBuilder(connectionString).DataSource;

    private static string ConnectionString(string file) => new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString;
}
