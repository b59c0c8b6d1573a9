using System.Data.Common;
using AgentPersistence.Providers;

namespace AgentPersistence.Internal.Execution;

/// <summary>
/// Runs work inside one transaction. The stores take turns on its connection, nothing is repeated, and provider exceptions pass
/// unwrapped, so that the host's execution strategy can repeat its whole block.
/// </summary>
internal sealed class TransactionExecutor(
    DatabaseConnections connections, AgentPersistenceOptions options, TimeProvider timeProvider, DbTransaction transaction)
    : StoreExecutor(connections, options, timeProvider), IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public override bool InTransaction => true;

    public void Dispose() => _turn.Dispose();

    /// <summary>Runs an action when no store is using the connection, and keeps them away meanwhile.</summary>
    public async Task ExclusivelyAsync(Func<Task> action, CancellationToken cancellationToken)
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

    protected override async Task<T> RunAsync<T>(
        WorkKind kind, Func<UnitOfWork, CancellationToken, Task<T>> work, CancellationToken cancellationToken, bool mayBeStored = false)
    {
        var result = default(T);
        await ExclusivelyAsync(
            async () =>
            {
                var connection = transaction.Connection
                    ?? throw new InvalidOperationException("The transaction has ended: its stores cannot be used any more.");
                var unit = new UnitOfWork(Connections, connection, transaction);
                try
                {
                    result = await work(unit, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    await unit.LeaveAsync().ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return result!;
    }
}
