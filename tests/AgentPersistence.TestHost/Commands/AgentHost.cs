using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentPersistence.TestHost.Commands;

/// <summary>The library as this process has it, and connections of the host's own to the same database.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly bool isSqlite;
    private readonly string connectionString;

    /// <param name="kind">`Sqlite` or `PostgreSql`.</param>
    public AgentHost(string kind, string connectionString)
    {
        (isSqlite, this.connectionString) = (kind == "Sqlite", connectionString);
        services = new ServiceCollection()
            .AddAgentPersistence(options => _ = isSqlite ? options.UseSqlite(connectionString) : options.UsePostgreSql(connectionString))
            .Services.BuildServiceProvider();
    }

    /// <summary>The SQL of the database's own time, comparable from process to process.</summary>
    public string Clock => isSqlite ? "unixepoch('subsec')" : "extract(epoch FROM clock_timestamp())";

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = isSqlite ? new SqliteConnection(connectionString) : new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }

    public static async Task ExecuteAsync(DbConnection connection, string sql, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
