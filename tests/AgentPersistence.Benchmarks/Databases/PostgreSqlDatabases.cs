using AgentPersistence.ConformanceTests.Infrastructure;
using Npgsql;

namespace AgentPersistence.Benchmarks.Databases;

/// <summary>On one PostgreSQL server: a given one, or a throwaway one with the settings it comes with.</summary>
internal sealed class PostgreSqlDatabases : IDatabases
{
    /// <summary>What a program may have open: the library and hand-written code alike.</summary>
    public const int MaxConnections = 90;

    private readonly PostgreSqlServer? _server;
    private readonly PostgreSqlCatalog _catalog;
    private readonly string _template;

    private PostgreSqlDatabases(PostgreSqlServer? server, PostgreSqlCatalog catalog, string template) =>
        (_server, _catalog, _template) = (server, catalog, template);

    public static async Task<PostgreSqlDatabases> StartAsync(string? given)
    {
        var server = given is null ? await PostgreSqlServer.StartAsync() : null;
        var catalog = server?.Catalog ?? new PostgreSqlCatalog(given!);
        var databases = new PostgreSqlDatabases(server, catalog, await catalog.CreateDatabaseAsync());
        await RequireDurabilityAsync(databases._template);
        await using (var agent = new Agent(databases, databases._template))
        {
            await agent.Get<IAgentDatabase>().MigrateAsync();
        }

        await catalog.SealAsync(databases._template);
        return databases;
    }

    public FillingSql Sql { get; } = new(
        Series: rows => $"generate_series(CAST(0 AS bigint), {rows - 1}) AS s(n)",
        SecondsAgo: seconds => $"now() - ({seconds}) * interval '1 second'",
        At: seconds => $"timestamptz '{Numbered.Time(0):O}' + ({seconds}) * interval '1 second'",
        Id: number => $"CAST(lpad(to_hex({number}), 32, '0') AS uuid)",
        Hex: number => $"lpad(to_hex({number}), 10, '0')",
        Bytes: bytes => $"decode('{Convert.ToHexString(bytes)}', 'hex')");

    public async Task<string> CreateAsync(string? copyOf = null)
    {
        var copied = await _catalog.CreateDatabaseAsync(copyOf ?? _template);
        var created = new NpgsqlConnectionStringBuilder(copied) { MaxPoolSize = MaxConnections };

        // So that nobody pays in his turn for what the one before has left.
        await ExecuteAsync(created.ConnectionString, "CHECKPOINT");
        return created.ConnectionString;
    }

    public async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = Unpooled(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task SettleAsync(string connectionString)
    {
        await ExecuteAsync(connectionString, "VACUUM (ANALYZE)");
        await ExecuteAsync(connectionString, "CHECKPOINT");
    }

    public Task<long> SizeAsync(string connectionString) => ScalarAsync<long>(connectionString, """
        SELECT CAST(sum(pg_total_relation_size(c.oid)) AS bigint)
        FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace WHERE c.relkind = 'r' AND s.nspname = 'public'
        """);

    public Task DropAsync(string connectionString) => _catalog.DropDatabaseAsync(connectionString);

    public void Choose(AgentPersistenceOptions options, string connectionString) => options.UsePostgreSql(connectionString);

    public async Task<string> DescribeAsync()
    {
        var database = await CreateAsync();
        try
        {
            return await ScalarAsync<string>(database, """
                SELECT 'PostgreSQL ' || current_setting('server_version') || ': ' || string_agg(name || ' ' || current_setting(name), ', ')
                FROM pg_settings
                WHERE name IN (
                    'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'huge_pages', 'max_wal_size', 'wal_sync_method')
                """);
        }
        finally
        {
            await DropAsync(database);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            return;
        }

        await _catalog.DropDatabaseAsync(_template);
    }

    public static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = Unpooled(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static NpgsqlConnection Unpooled(string connectionString) =>
        new(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);

    private static async Task RequireDurabilityAsync(string database)
    {
        if (!await ScalarAsync<bool>(database, """
            SELECT bool_and(setting = 'on') FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')
            """))
        {
            throw new InvalidOperationException("The server may lose what it has committed: its figures would be worth nothing.");
        }
    }
}
