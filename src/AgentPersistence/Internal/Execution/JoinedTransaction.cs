namespace AgentPersistence.Internal.Execution;

/// <summary>A transaction that work takes part in: one of its own, or one that somebody else began and will end.</summary>
internal sealed class JoinedTransaction(TransactionExecutor executor, UnitOfWork? own) : IAsyncDisposable
{
    public TransactionExecutor Executor => executor;

    /// <summary>Makes the work durable, where the transaction is its own.</summary>
    /// <exception cref="WriteInDoubtException">The connection was lost before the answer.</exception>
    public Task CommitAsync() => own is null ? Task.CompletedTask : executor.CommitAsync(own, CancellationToken.None);

    /// <summary>Rolls back what was not committed, where the transaction is the work's own.</summary>
    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            await executor.EndAsync(own).ConfigureAwait(false);
        }
    }
}
