using Npgsql;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>Creates and drops databases on a running server.</summary>
public sealed class PostgreSqlCatalog(string connectionString)
{
    private static readonly string[] Unrelated = ["postgres", "template0", "template1"];

    /// <summary>The connection string of a database of this server.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Database = database,
        // Several suites share the server's 200 connections.
        MaxPoolSize = 30,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>Returns the connection string of a new database: an empty one, or a copy.</summary>
    public async Task<string> CreateDatabaseAsync(string? copyOf = null)
    {
        var name = $"agent_test_{Guid.NewGuid():N}";
        var source = copyOf is null ? "template0 ENCODING 'UTF8'" : Quote(NameIn(copyOf));
        await using var connection = await OpenAsync();
        // Several times faster for a small database, and the only way before version 15.
        var strategy = connection.PostgreSqlVersion.Major >= 15 ? "STRATEGY file_copy" : "";
        await ExecuteAsync(connection, $"CREATE DATABASE {Quote(name)} TEMPLATE {source} {strategy}");
        return ConnectionString(name);
    }

    /// <summary>Cuts every connection to a database and refuses new ones, so that it can be copied.</summary>
    public async Task SealAsync(string database)
    {
        var name = NameIn(database);
        await ExecuteAsync($"ALTER DATABASE {Quote(name)} WITH ALLOW_CONNECTIONS false");
        // CREATE DATABASE itself waits a few seconds for those that are still leaving.
        await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    public async Task DropDatabaseAsync(string database)
    {
        var name = NameIn(database);
        if (Unrelated.Contains(name))
            throw new ArgumentException($"{name} is no test database.", nameof(database));
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Quote(name)} WITH (FORCE)");
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        // Not pooled: a connection kept from before a restart of the server would fail.
        NpgsqlConnectionStringBuilder administrator = new(connectionString) { Pooling = false, Timeout = 60, CommandTimeout = 120 };
        NpgsqlConnection connection = new(administrator.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string NameIn(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
