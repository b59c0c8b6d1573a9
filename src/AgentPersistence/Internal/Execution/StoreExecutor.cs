using System.Transactions;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>
/// How a store's work reaches the database: on a connection of its own, repeated when a passing fault allows it, or inside one
/// transaction, never repeated. Every store is written once against this.
/// </summary>
internal abstract class StoreExecutor(DatabaseConnections connections, AgentPersistenceOptions options, TimeProvider timeProvider)
{
    public SqlDialect Dialect => connections.Dialect;

    public AgentPersistenceOptions Options => options;

    public TimeProvider TimeProvider => timeProvider;

    public UuidV7 Ids { get; } = new(timeProvider);

    /// <summary>Whether the work commits only when somebody else's transaction does.</summary>
    public abstract bool InTransaction { get; }

    protected DatabaseConnections Connections => connections;

    /// <summary>One statement that reads.</summary>
    public Task<T> ReadAsync<T>(Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(WorkKind.Read, work, cancellationToken);

    /// <summary>Several statements that read one snapshot.</summary>
    public Task<T> ReadSnapshotAsync<T>(Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(WorkKind.Snapshot, work, cancellationToken);

    /// <summary>
    /// One command that writes, atomic by itself; others may follow, each on its own. The work may run again after a lost answer:
    /// it looks at <see cref="UnitOfWork.IsRepeat"/>.
    /// </summary>
    /// <param name="work">The command.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="mayBeStored">Whether an earlier call with the same write may have been stored already.</param>
    public Task<T> WriteAsync<T>(
        Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool mayBeStored = false) =>
        RunAsync(WorkKind.Write, work, cancellationToken, mayBeStored);

    /// <summary>
    /// Several commands, stored together or not at all. The work may run again: it looks at <see cref="UnitOfWork.IsRepeat"/>.
    /// </summary>
    /// <param name="work">The commands.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="mayBeStored">Whether an earlier call with the same write may have been stored already.</param>
    public Task<T> TransactAsync<T>(
        Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool mayBeStored = false) =>
        RunAsync(WorkKind.Transaction, work, cancellationToken, mayBeStored);

    /// <summary>For another store's work inside a unit of this executor's: both are stored together.</summary>
    public StoreExecutor Within(UnitOfWork unit) => new UnitExecutor(connections, options, timeProvider, unit);

    /// <summary>Says what the transaction is about, if this is inside one, to those who have to wait for it.</summary>
    public void Note(string about)
    {
        if (InTransaction)
        {
            connections.Note(about);
        }
    }

    /// <summary>
    /// Does something in this process once what was written is durable: at once, or when the transaction commits; never where it rolls back
    /// or is the host's, whose end nobody tells.
    /// </summary>
    public virtual void AfterCommit(Action action) => action();

    /// <summary>
    /// Work of the kind <see cref="WorkKind.Read"/> or <see cref="WorkKind.Write"/> with patience. Not done when that was over; then
    /// nothing was stored.
    /// </summary>
    public abstract Task<(bool IsDone, T? Result)> TryAsync<T>(
        WorkKind kind,
        Patience patience,
        Func<UnitOfWork, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        bool mayBeStored = false);

    /// <summary>
    /// Nothing joins an ambient transaction: neither a connection that is opened, nor EF Core, which looks at every command.
    /// </summary>
    protected static TransactionScope? SuppressAmbientTransaction() => Transaction.Current is null
        ? null
        : new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);

    protected abstract Task<T> RunAsync<T>(
        WorkKind kind, Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool mayBeStored = false);
}
