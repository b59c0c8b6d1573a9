using System.Data.Common;
using AgentPersistence.Database;
using AgentPersistence.Providers.PostgreSql;
using AgentPersistence.Providers.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AgentPersistence.Providers;

/// <summary>The databases there are.</summary>
internal enum DatabaseProvider
{
    Sqlite,
    PostgreSql,
}

/// <summary>The one place that turns a host's choice into a provider.</summary>
internal static class ProviderSelection
{
    public static DatabaseConnections Connect(DatabaseChoice choice, AgentPersistenceOptions options, TimeProvider timeProvider) => choice switch
    {
        { DataSource: NpgsqlDataSource dataSource } => new PostgreSqlConnections(dataSource, timeProvider),
        { Provider: DatabaseProvider.PostgreSql } => new PostgreSqlConnections(choice.ConnectionString, options.RetryTimeout, timeProvider),
        _ => new SqliteConnections(choice.ConnectionString, options.RetryTimeout, timeProvider),
    };

    public static string SqliteFile(string path) => new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;

    public static string CheckSqlite(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (string.IsNullOrWhiteSpace(builder.DataSource))
        {
            throw new ArgumentException("The connection string names no file: add Data Source=<path>.", nameof(connectionString));
        }

        if (builder.DataSource == ":memory:" || (builder.Mode == SqliteOpenMode.Memory && builder.Cache != SqliteCacheMode.Shared)
            || (builder.DataSource.StartsWith("file:", StringComparison.Ordinal)
                && (builder.DataSource.Contains(":memory:", StringComparison.Ordinal)
                    || builder.DataSource.Contains("mode=memory", StringComparison.Ordinal))))
        {
            throw new ArgumentException(
                "A database in memory needs a name and a shared cache, because several connections use it: "
                + "Data Source=agent;Mode=Memory;Cache=Shared.",
                nameof(connectionString));
        }

        return builder.ConnectionString;
    }

    public static string CheckPostgreSql(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return string.IsNullOrWhiteSpace(builder.Host)
            ? throw new ArgumentException("The connection string names no server: add Host=<name>.", nameof(connectionString))
            : builder.ConnectionString;
    }

    public static string CheckPostgreSql(DbDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return dataSource is NpgsqlDataSource
            ? dataSource.ConnectionString
            : throw new ArgumentException($"An NpgsqlDataSource is needed, not a {dataSource.GetType().Name}.", nameof(dataSource));
    }
}
