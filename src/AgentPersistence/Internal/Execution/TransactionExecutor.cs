using System.Data.Common;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>
/// Runs work inside one transaction. The stores take turns on its connection, nothing is repeated, and provider exceptions pass
/// unwrapped, so that the host's execution strategy can repeat its whole block.
/// </summary>
internal sealed class TransactionExecutor(
    DatabaseConnections connections, AgentPersistenceOptions options, TimeProvider timeProvider, DbTransaction transaction)
    : StoreExecutor(connections, options, timeProvider)
{
    private const string Part = "agent_part";

    // Never disposed: whoever still waits must get the turn, to learn that the transaction has ended.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DbConnection? _connection = transaction.OpenConnection();
    private readonly List<Action> _afterCommit = [];
    private Exception? _failure;
    private bool _hasEnded;

    public override bool InTransaction => true;

    public DbTransaction Transaction => transaction;

    /// <summary>Lets work that passes a transaction on take part in this one: as a part of it that stays whole, or not at all.</summary>
    public async Task<JoinedTransaction> JoinAsync(CancellationToken cancellationToken)
    {
        var failureBefore = default(Exception);
        await ExclusivelyAsync(
            () =>
            {
                RequireOpen();
                failureBefore = _failure;
                return transaction.SaveAsync(Part, cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        return new JoinedTransaction(this, own: null, failureBefore);
    }

    /// <summary>Keeps what was done since the part began, for the transaction to commit.</summary>
    public Task KeepPartAsync() => ExclusivelyAsync(
        () =>
        {
            RequireOpen();
            return transaction.ReleaseAsync(Part, CancellationToken.None);
        },
        CancellationToken.None);

    /// <summary>Undoes what was done since the part began, a failed call included: the transaction goes on as it was before.</summary>
    public Task UndoPartAsync(Exception? failureBefore) => ExclusivelyAsync(
        async () =>
        {
            try
            {
                // The savepoint survives the first; an outer part of the same name counts again after the second.
                await transaction.RollbackAsync(Part, CancellationToken.None).ConfigureAwait(false);
                await transaction.ReleaseAsync(Part, CancellationToken.None).ConfigureAwait(false);
                _failure = failureBefore;
            }
            catch (Exception exception)
            {
                // Whoever failed is told why; of the transaction nothing can stay then.
                _failure ??= exception;
            }
        },
        CancellationToken.None);

    /// <summary>Commits our own transaction and gives its connection back at once.</summary>
    /// <exception cref="InvalidOperationException">The transaction has ended, or a call in it has failed.</exception>
    /// <exception cref="WriteInDoubtException">The connection was lost before the answer.</exception>
    public Task CommitAsync(UnitOfWork own, CancellationToken cancellationToken) => ExclusivelyAsync(
        async () =>
        {
            RequireOpen();

            // PostgreSQL answers the COMMIT of a failed transaction by rolling it back, and Npgsql calls that a success.
            if (_failure is not null)
            {
                throw new InvalidOperationException("A call in this transaction has failed, so it can only be rolled back.", _failure);
            }

            try
            {
                // Not cancelled once it is sent: a commit that was interrupted may or may not have happened.
                await own.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (Dialect.Classify(exception) == DatabaseFault.ConnectionLost)
            {
                throw Failures.CommitInDoubt(exception);
            }

            _hasEnded = true;
            await own.DisposeAsync().ConfigureAwait(false);
            _afterCommit.ForEach(action => action());
        },
        cancellationToken);

    public override void AfterCommit(Action action)
    {
        lock (_afterCommit)
        {
            _afterCommit.Add(action);
        }
    }

    /// <summary>Refuses all further work, once what is running has ended, and rolls our own transaction back.</summary>
    public Task EndAsync(UnitOfWork? own) => ExclusivelyAsync(
        async () =>
        {
            _hasEnded = true;
            if (own is not null)
            {
                await own.DisposeAsync().ConfigureAwait(false);
            }
        },
        CancellationToken.None);

    // Whoever is inside a transaction has waited already, where it began.
    public override async Task<(bool IsDone, T? Result)> TryAsync<T>(
        WorkKind kind,
        Patience patience,
        Func<UnitOfWork, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        bool mayBeStored = false)
        where T : default => (true, await RunAsync(kind, work, cancellationToken).ConfigureAwait(false));

    protected override async Task<T> RunAsync<T>(
        WorkKind kind, Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool mayBeStored = false)
    {
        // Several commands are not cancelled once they have begun: a host that catches that and commits would store a part of them.
        var whileRunning = kind == WorkKind.Transaction ? CancellationToken.None : cancellationToken;
        var result = default(T);
        using var suppressed = SuppressAmbientTransaction();
        await ExclusivelyAsync(
            async () =>
            {
                var unit = new UnitOfWork(Connections, RequireOpen(), transaction);
                try
                {
                    result = await work(unit, whileRunning).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not (AgentPersistenceException or ArgumentException))
                {
                    _failure ??= exception;
                    throw;
                }
                finally
                {
                    await unit.LeaveAsync().ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return result!;
    }

    // The same connection as at first: Npgsql uses the object of a disposed transaction again, for a stranger's.
    private DbConnection RequireOpen() => !_hasEnded && transaction.OpenConnection() is { } connection && connection == _connection
        ? connection
        : throw new InvalidOperationException("The transaction has ended: its stores cannot be used any more.");

    /// <summary>Runs an action when no store is using the connection, and keeps them away meanwhile.</summary>
    private async Task ExclusivelyAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await action().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
