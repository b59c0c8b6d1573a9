using System.Data.Common;
using AgentPersistence.Providers;

namespace AgentPersistence.Database;

/// <summary>The database that a host has named; two choices are equal when they name the same.</summary>
internal sealed record DatabaseChoice(DatabaseProvider Provider, string ConnectionString, DbDataSource? DataSource)
{
    public const string PathVariable = "AGENT_DB_PATH";
    public const string DefaultPath = "agent_state.sqlite";

    public static DatabaseChoice Sqlite(string connectionString) =>
        new(DatabaseProvider.Sqlite, ProviderSelection.CheckSqlite(connectionString), null);

    public static DatabaseChoice PostgreSql(string connectionString) =>
        new(DatabaseProvider.PostgreSql, ProviderSelection.CheckPostgreSql(connectionString), null);

    public static DatabaseChoice PostgreSql(DbDataSource dataSource) =>
        new(DatabaseProvider.PostgreSql, ProviderSelection.CheckPostgreSql(dataSource), dataSource);

    /// <summary>SQLite at <c>$AGENT_DB_PATH</c>, else <c>agent_state.sqlite</c> in the working directory.</summary>
    public static DatabaseChoice Default()
    {
        var path = Environment.GetEnvironmentVariable(PathVariable);
        return new(DatabaseProvider.Sqlite, ProviderSelection.SqliteFile(string.IsNullOrWhiteSpace(path) ? DefaultPath : path), null);
    }

    /// <summary>The same kind of database by another connection.</summary>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    public DatabaseChoice WithConnectionString(string connectionString) =>
        Provider == DatabaseProvider.Sqlite ? Sqlite(connectionString) : PostgreSql(connectionString);

    // A connection string carries a password.
    public override string ToString() => Provider.ToString();
}
