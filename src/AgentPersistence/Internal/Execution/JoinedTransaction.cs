namespace AgentPersistence.Internal.Execution;

/// <summary>A transaction that work takes part in: one of its own, or a part of one that somebody else began and will end.</summary>
/// <param name="executor">The transaction.</param>
/// <param name="own">What ends the transaction, where it is the work's own; null for a part of somebody else's.</param>
/// <param name="failureBefore">What had failed the transaction before the part began; null for nothing.</param>
internal sealed class JoinedTransaction(TransactionExecutor executor, UnitOfWork? own, Exception? failureBefore = null) : IAsyncDisposable
{
    private bool _isKept;

    public TransactionExecutor Executor => executor;

    /// <summary>Makes the work durable, where the transaction is its own; otherwise it becomes so with the rest of it.</summary>
    /// <exception cref="WriteInDoubtException">The connection was lost before the answer.</exception>
    public async Task CommitAsync()
    {
        await (own is null ? executor.KeepPartAsync() : executor.CommitAsync(own, CancellationToken.None)).ConfigureAwait(false);
        _isKept = true;
    }

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            await executor.EndAsync(own).ConfigureAwait(false);
        }
        else if (!_isKept)
        {
            await executor.UndoPartAsync(failureBefore).ConfigureAwait(false);
        }
    }
}
