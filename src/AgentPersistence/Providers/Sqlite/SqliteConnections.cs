using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using AgentPersistence.Internal.Execution;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using SQLitePCL;

namespace AgentPersistence.Providers.Sqlite;

/// <summary>Connections to one SQLite database: a file that several processes may share, or a named one in memory.</summary>
internal sealed class SqliteConnections : DatabaseConnections
{
    /// <summary>A short wait inside SQLite; the longer one is the executor's, which blocks no thread.</summary>
    public const int BusyTimeoutInMilliseconds = 100;

    private const int ShortestCommandTimeoutInSeconds = 1;

    // A commit of a thousand rows changes more pages than SQLite's own 2 MB hold: the rest is written to the WAL before its time, and
    // read again. It is a bound: a connection that reads little holds little.
    private const int CacheInKibibytes = 16_000;

    // SQLite's own 1,000 are reached by nearly every such commit, and the same pages written back again and again. Every commit is synced
    // all the same.
    private const int PagesBetweenCheckpoints = 4_000;

    private static readonly string Pragmas = $"""
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = {BusyTimeoutInMilliseconds};
        PRAGMA cache_size = -{CacheInKibibytes}; PRAGMA wal_autocheckpoint = {PagesBetweenCheckpoints};
        """;

    private static readonly object Prepared = new();

    private readonly string _connectionString;
    private readonly bool _isInMemory;
    private readonly WriteTurns _writeTurns;
    private readonly ConditionalWeakTable<sqlite3, object> _prepared = [];
    private readonly DbContextOptions<SqliteAgentDbContext> _contextOptions = SqliteAgentDbContext.CreateOptions();
    private readonly SqliteConnection _keepAlive;

    public SqliteConnections(string connectionString, TimeSpan busyTimeout, TimeProvider timeProvider)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString)
        {
            ForeignKeys = true,
            DefaultTimeout = ShortestCommandTimeoutInSeconds,
        };
        _connectionString = builder.ConnectionString;
        _isInMemory = builder.Mode == SqliteOpenMode.Memory;
        _writeTurns = new WriteTurns(busyTimeout);
        _keepAlive = new SqliteConnection(_connectionString);
        using var context = CreateContext();
        Dialect = new SqliteDialect(context.Model, timeProvider);
    }

    public override SqlDialect Dialect { get; }

    public override AgentPersistenceDbContext CreateContext() => new SqliteAgentDbContext(_contextOptions);

    public override void RequireOwn(DbTransaction transaction)
    {
        if (transaction is not SqliteTransaction { } own)
        {
            throw new ArgumentException(
                $"AgentPersistence uses SQLite here: a SqliteTransaction is needed, not a {transaction.GetType().Name}.", nameof(transaction));
        }

        var connection = own.OpenConnection()
            ?? throw new ArgumentException("The transaction has already been committed or rolled back.", nameof(transaction));
        var (theirs, ours) = (Location(connection.ConnectionString), Location(_connectionString));
        if (theirs != ours)
        {
            throw new ArgumentException($"The transaction is on '{theirs}', but AgentPersistence uses '{ours}'.", nameof(transaction));
        }

        // Each connection decides for itself, and no longer once a transaction has begun: a deletion would leave behind what belongs to it.
        using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (own, "PRAGMA foreign_keys");
        if (command.ExecuteScalar() is not 1L)
        {
            throw new ArgumentException(
                "The transaction's connection does not heed foreign keys: open it with Foreign Keys=True.", nameof(transaction));
        }
    }

    // BEGIN IMMEDIATE already excludes every other writer, and ends with its process.
    public override Task LockMigrationsAsync(UnitOfWork unit, CancellationToken cancellationToken) => Task.CompletedTask;

    public override string GenerateIdempotentScript()
    {
        using var context = new SqliteAgentDbContext(SqliteAgentDbContext.CreateScriptOptions());
        return context.GetService<IMigrator>().GenerateScript();
    }

    public override async ValueTask DisposeAsync()
    {
        await _keepAlive.DisposeAsync().ConfigureAwait(false);
        using var pool = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pool);
    }

    public override void Note(string about) => _writeTurns.Note(about);

    public override async Task<UnitOfWork> OpenAsync(
        WorkKind kind, bool isRepeat, CancellationToken cancellationToken, Patience? patience = null)
    {
        // A shared-cache database in memory locks whole tables, readers included: there everything takes turns.
        var writes = kind is WorkKind.Write or WorkKind.Transaction or WorkKind.OpenTransaction;
        var turn = writes || _isInMemory ? await _writeTurns.TakeAsync(kind, patience, cancellationToken).ConfigureAwait(false) : null;
        SqliteConnection? connection = null;
        try
        {
            connection = new SqliteConnection(_connectionString);
            connection.Open();
            Prepare(connection);
            if (writes && patience is { } limit)
            {
                await _writeTurns.WaitForOthersAsync(connection, limit.Limit, cancellationToken).ConfigureAwait(false);
            }

            var transaction = kind switch
            {
                _ when writes => connection.BeginTransaction(deferred: false),
                WorkKind.Snapshot => connection.BeginTransaction(deferred: true),
                _ => null,
            };
            return new UnitOfWork(this, connection, transaction, turn) { IsRepeat = isRepeat };
        }
        catch
        {
            connection?.Dispose();
            turn?.Dispose();
            throw;
        }
    }

    private static string Location(string connectionString)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        return builder.Mode == SqliteOpenMode.Memory ? builder.DataSource : Path.GetFullPath(builder.DataSource);
    }

    private void Prepare(SqliteConnection connection)
    {
        if (_isInMemory && _keepAlive.State == ConnectionState.Closed)
        {
            _keepAlive.Open();
        }

        // The pool hands out the same native connections again; their settings stay.
        if (_prepared.TryGetValue(connection.Handle!, out _))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
        _prepared.AddOrUpdate(connection.Handle!, Prepared);
    }
}
