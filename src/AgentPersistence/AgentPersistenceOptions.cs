using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.Database;
using AgentPersistence.Idempotency;
using AgentPersistence.Incidents;
using AgentPersistence.Jobs;
using AgentPersistence.Sessions;
using AgentPersistence.Tokens;
using AgentPersistence.Transactions;

namespace AgentPersistence;

/// <summary>Which database the stores use, and the limits they keep.</summary>
public sealed class AgentPersistenceOptions
{
    /// <summary>The default of <see cref="MaxJsonBytes"/>: 16 MiB.</summary>
    public const int DefaultMaxJsonBytes = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="RetryTimeout"/>.</summary>
    public static readonly TimeSpan DefaultRetryTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Whether a generic host applies pending migrations when it starts, before any other hosted service.</summary>
    /// <remarks>
    /// A host whose role may not change the schema can leave this on: when nothing is pending only SELECT is used. Without a generic
    /// host, call <see cref="IAgentDatabase.MigrateAsync"/>.
    /// </remarks>
    /// <value><see langword="true"/>.</value>
    public bool MigrateOnStartup { get; set; } = true;

    /// <summary>How long a call is repeated when the database is busy, restarting or unreachable, before it throws.</summary>
    /// <remarks>On SQLite also how long a write waits for other writers. From one second to ten minutes.</remarks>
    /// <value>30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RetryTimeout { get; set; } = DefaultRetryTimeout;

    /// <summary>The longest JSON document that is accepted in one payload, state or note, in bytes of UTF-8.</summary>
    /// <remarks>From 1 KiB to 256 MiB.</remarks>
    /// <value>16 MiB.</value>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxJsonBytes { get; set; } = DefaultMaxJsonBytes;

    /// <summary>How results and payloads given as objects are turned into JSON and back.</summary>
    /// <value><see cref="JsonSerializerOptions.Web"/>.</value>
    [Required]
    public JsonSerializerOptions JsonSerializerOptions { get; set; } = JsonSerializerOptions.Web;

    /// <summary>How the audit log is kept.</summary>
    public AuditOptions Auditing { get; } = new();

    /// <summary>Defaults for sessions.</summary>
    public SessionOptions Sessions { get; } = new();

    /// <summary>Defaults for idempotent operations.</summary>
    public IdempotencyOptions Idempotency { get; } = new();

    /// <summary>Defaults for the transaction journal.</summary>
    public TransactionOptions Transactions { get; } = new();

    /// <summary>How token usage is priced, and defaults for reservations.</summary>
    public TokenOptions Tokens { get; } = new();

    /// <summary>Defaults for jobs.</summary>
    public JobOptions Jobs { get; } = new();

    /// <summary>How incidents are remembered.</summary>
    public IncidentOptions Incidents { get; } = new();

    internal DatabaseChoice? Database { get; private set; }

    /// <summary>Keeps everything in one SQLite database.</summary>
    /// <param name="connectionString">
    /// A Microsoft.Data.Sqlite connection string, for example <c>Data Source=agent.sqlite</c>. A database in memory needs a name and a
    /// shared cache: <c>Data Source=agent;Mode=Memory;Cache=Shared</c>.
    /// </param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The connection string is malformed, or names a private database in memory.</exception>
    /// <exception cref="InvalidOperationException">Another database has been named before.</exception>
    public AgentPersistenceOptions UseSqlite(string connectionString) => Use(DatabaseChoice.Sqlite(connectionString));

    /// <summary>Keeps everything in one PostgreSQL database (13 or later, UTF-8).</summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <returns>These options.</returns>
    /// <remarks>Behind a connection pooler in transaction mode add <c>Max Auto Prepare=0;No Reset On Close=true</c>.</remarks>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    /// <exception cref="InvalidOperationException">Another database has been named before.</exception>
    public AgentPersistenceOptions UsePostgreSql(string connectionString) => Use(DatabaseChoice.PostgreSql(connectionString));

    /// <summary>Keeps everything in the PostgreSQL database of a data source that the host has already; the host disposes it.</summary>
    /// <param name="dataSource">An <c>NpgsqlDataSource</c>.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The data source is not Npgsql's.</exception>
    /// <exception cref="InvalidOperationException">Another database has been named before.</exception>
    public AgentPersistenceOptions UsePostgreSql(DbDataSource dataSource) => Use(DatabaseChoice.PostgreSql(dataSource));

    private AgentPersistenceOptions Use(DatabaseChoice choice)
    {
        if (Database is not null && Database != choice)
        {
            throw new InvalidOperationException(
                "AgentPersistence has already been given another database. Name one database, in one call of AddAgentPersistence.");
        }

        Database = choice;
        return this;
    }
}
