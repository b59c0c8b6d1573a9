using System.Data.Common;
using AgentPersistence.Incidents;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentPersistence.TestHost.Incidents;

/// <summary>The library on a database that is made for one measurement and goes with it.</summary>
internal sealed class OwnDatabase : IAsyncDisposable
{
    private const int PerTransaction = 500;

    private readonly ServiceProvider _services;
    private readonly Func<ValueTask> _drop;
    private readonly Func<DbConnection> _connect;

    private OwnDatabase(string name, Action<AgentPersistenceOptions> use, Func<DbConnection> connect, Func<ValueTask> drop)
    {
        (Name, _connect, _drop) = (name, connect, drop);
        _services = new ServiceCollection().AddAgentPersistence(use).Services.BuildServiceProvider();
    }

    public string Name { get; }

    public IServiceProvider Services => _services;

    public IIncidentMemory Incidents => _services.GetRequiredService<IIncidentMemory>();

    /// <summary>SQLite, and PostgreSQL where the arguments name a server, whose user may create databases.</summary>
    public static async IAsyncEnumerable<OwnDatabase> EachAsync(CommandArguments arguments, Action<AgentPersistenceOptions>? configure = null)
    {
        await using (var sqlite = Sqlite(configure))
        {
            await sqlite._services.GetRequiredService<IAgentDatabase>().MigrateAsync();
            yield return sqlite;
        }

        if (arguments.Find("--postgres") is { } server)
        {
            await using var postgres = await PostgreSqlAsync(server, configure);
            await postgres._services.GetRequiredService<IAgentDatabase>().MigrateAsync();
            yield return postgres;
        }
        else
        {
            Console.WriteLine("PostgreSQL: not asked for (--postgres \"Host=…\").");
        }
    }

    /// <summary>Records the incidents in their order, and returns their ids.</summary>
    public async Task<List<Guid>> RecordAsync(IEnumerable<NewIncident> incidents)
    {
        var ids = new List<Guid>();
        foreach (var batch in incidents.Chunk(PerTransaction))
        {
            await using var transaction = await _services.GetRequiredService<IAgentDatabase>().BeginTransactionAsync();
            foreach (var incident in batch)
            {
                ids.Add((await transaction.Incidents.RecordAsync(incident)).Id);
            }

            await transaction.CommitAsync();
        }

        return ids;
    }

    /// <summary>The ids of the newest incidents that hold a text: what the seed's search does.</summary>
    public async Task<List<Guid>> ContainingAsync(string text, int limit)
    {
        await using var connection = _connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT id FROM agent_incidents WHERE lower(signal_cluster) LIKE @text ESCAPE '\\' ORDER BY search_key DESC LIMIT " + limit;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("text", $"%{Escape(text)}%");
        command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = _connect();
        await connection.OpenAsync();
        await Commands.AgentHost.ExecuteAsync(connection, sql);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _drop();
    }

    private static OwnDatabase Sqlite(Action<AgentPersistenceOptions>? configure)
    {
        var folder = Directory.CreateTempSubdirectory("agent-persistence-incidents-").FullName;
        var connectionString = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "agent.sqlite") }.ConnectionString;
        return new OwnDatabase(
            "SQLite",
            options => (configure ?? Nothing)(options.UseSqlite(connectionString)),
            () => new SqliteConnection(connectionString),
            () =>
            {
                SqliteConnection.ClearAllPools();
                Directory.Delete(folder, recursive: true);
                return ValueTask.CompletedTask;
            });
    }

    private static async Task<OwnDatabase> PostgreSqlAsync(string server, Action<AgentPersistenceOptions>? configure)
    {
        var name = $"agent_incidents_{Guid.CreateVersion7():n}";
        await AdministerAsync(server, $"CREATE DATABASE {name}");
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        return new OwnDatabase(
            "PostgreSQL",
            options => (configure ?? Nothing)(options.UsePostgreSql(connectionString)),
            () => new NpgsqlConnection(connectionString),
            async () => await AdministerAsync(server, $"DROP DATABASE {name} WITH (FORCE)"));
    }

    private static void Nothing(AgentPersistenceOptions options)
    {
    }

    private static async Task AdministerAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await Commands.AgentHost.ExecuteAsync(connection, sql);
    }

    private static string Escape(string text) => text.ToLowerInvariant()
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
