using System.Data;
using System.Data.Common;
using AgentPersistence.Internal.Execution;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace AgentPersistence.Providers.PostgreSql;

/// <summary>Connections from an <see cref="NpgsqlDataSource"/>: the host's, or one made from its connection string.</summary>
internal sealed partial class PostgreSqlConnections : DatabaseConnections
{
    // Any number will do that no other user of advisory locks in the same database has: "agent_pe" as bytes.
    private const long MigrationsLock = 0x6167656e745f7065;
    private const int PreparedStatements = 100;

    private readonly NpgsqlDataSource _dataSource;
    private readonly bool _ownsDataSource;
    private readonly DbContextOptions<PostgreSqlAgentDbContext> _contextOptions = PostgreSqlAgentDbContext.CreateOptions();

    public PostgreSqlConnections(string connectionString, TimeSpan patience, TimeProvider timeProvider)
        : this(NpgsqlDataSource.Create(WithDefaults(connectionString, patience)), timeProvider) => _ownsDataSource = true;

    public PostgreSqlConnections(NpgsqlDataSource dataSource, TimeProvider timeProvider)
    {
        _dataSource = dataSource;
        using var context = CreateContext();
        Dialect = new PostgreSqlDialect(context.Model, timeProvider);
    }

    public override SqlDialect Dialect { get; }

    public override AgentPersistenceDbContext CreateContext() => new PostgreSqlAgentDbContext(_contextOptions);

    public override void RequireOwn(DbTransaction transaction)
    {
        if (transaction is not NpgsqlTransaction { } own)
        {
            throw new ArgumentException(
                $"AgentPersistence uses PostgreSQL here: an NpgsqlTransaction is needed, not a {transaction.GetType().Name}.", nameof(transaction));
        }

        var connection = own.OpenConnection()
            ?? throw new ArgumentException("The transaction has already been committed or rolled back.", nameof(transaction));
        var theirs = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        var ours = new NpgsqlConnectionStringBuilder(_dataSource.ConnectionString);
        if ((theirs.Host, theirs.Port, theirs.Database ?? theirs.Username) != (ours.Host, ours.Port, ours.Database ?? ours.Username))
        {
            throw new ArgumentException(
                $"The transaction is on database '{theirs.Database}' at {theirs.Host}:{theirs.Port}, but AgentPersistence uses "
                + $"'{ours.Database}' at {ours.Host}:{ours.Port}.",
                nameof(transaction));
        }
    }

    public override Task LockMigrationsAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        // Another host's migration may take as long as it needs; the lock ends with its connection.
        unit.Context.Database.SetCommandTimeout(0);
        return unit.Context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({MigrationsLock})", cancellationToken);
    }

    public override string GenerateIdempotentScript()
    {
        using var context = CreateContext();
        return context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
    }

    public override ValueTask DisposeAsync() => _ownsDataSource ? _dataSource.DisposeAsync() : ValueTask.CompletedTask;

    public override void Note(string about)
    {
    }

    // Patience is not needed: nobody locks the whole database here.
    public override async Task<UnitOfWork> OpenAsync(
        WorkKind kind, bool isRepeat, CancellationToken cancellationToken, Patience? patience = null)
    {
        var connection = await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var transaction = kind switch
            {
                WorkKind.Transaction or WorkKind.OpenTransaction =>
                    await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false),
                WorkKind.Snapshot => await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false),
                _ => null,
            };
            if (kind == WorkKind.OpenTransaction)
            {
                // BEGIN goes out with the first statement. Sent here, a pooled connection that has died is replaced; later nothing may be
                // repeated.
                await using var begin = new NpgsqlCommand("SELECT 1", connection, transaction);
                await begin.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            return new UnitOfWork(this, connection, transaction) { IsRepeat = isRepeat };
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string WithDefaults(string connectionString, TimeSpan patience)
    {
        // ShouldSerialize tells what was given; ContainsKey is true of every setting there is.
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Enlist = false };
        if (!builder.ShouldSerialize("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = PreparedStatements;
        }

        // Nothing here outlives its transaction, so the seven statements that would reset the session have nothing to do.
        if (!builder.ShouldSerialize("No Reset On Close"))
        {
            builder.NoResetOnClose = true;
        }

        // One attempt must not outlast the time that all attempts have.
        var seconds = (int)Math.Ceiling(patience.TotalSeconds);
        if (!builder.ShouldSerialize("Command Timeout"))
        {
            builder.CommandTimeout = seconds;
        }

        if (!builder.ShouldSerialize("Timeout"))
        {
            builder.Timeout = Math.Min(builder.Timeout, seconds);
        }

        if (builder.ApplicationName is null)
        {
            builder.ApplicationName = "AgentPersistence";
        }

        return builder.ConnectionString;
    }
}
