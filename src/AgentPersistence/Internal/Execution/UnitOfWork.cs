using System.Data.Common;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.Internal.Execution;

/// <summary>One connection for the time of one piece of work, with the transaction it runs in, if any.</summary>
internal sealed class UnitOfWork(
    DatabaseConnections connections, DbConnection connection, DbTransaction? transaction, IDisposable? writeTurn = null) : IAsyncDisposable
{
    private AgentPersistenceDbContext? _context;
    private DbTransaction? _transaction = transaction;
    private bool _isDisposed;

    public SqlDialect Dialect => connections.Dialect;

    public DbConnection Connection => connection;

    public DbTransaction? Transaction => _transaction;

    /// <summary>
    /// Whether an earlier attempt at the same write may have been stored although its answer was lost. The work then first asks
    /// whether the row bears its write id.
    /// </summary>
    public bool IsRepeat { get; init; }

    /// <summary>An EF Core context on this connection and transaction, for LINQ.</summary>
    public AgentPersistenceDbContext Context => _context ??= CreateContext();

    public StoreCommand Command(SqlStatement statement) => new(this, statement);

    /// <summary>Makes the work durable, where the transaction is this unit's own.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_transaction is { } transaction)
        {
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            await transaction.DisposeAsync().ConfigureAwait(false);
            _transaction = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        // Whatever a broken connection throws, it goes back to its pool, and the next writer gets its turn.
        _isDisposed = true;
        using var turn = writeTurn;
        await using var ended = connection.ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the work on a connection that belongs to the host: nothing but the context is given up.</summary>
    public ValueTask LeaveAsync() => _context?.DisposeAsync() ?? ValueTask.CompletedTask;

    private AgentPersistenceDbContext CreateContext()
    {
        var context = connections.CreateContext();
        context.Database.SetDbConnection(connection);
        if (_transaction is not null)
        {
            context.Database.UseTransaction(_transaction);
        }

        return context;
    }
}
