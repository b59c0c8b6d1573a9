using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Conversations.Storage;

/// <summary>Appends inside one transaction, which holds the thread until it ends: only others' appends to that thread wait.</summary>
internal sealed class TransactionMessageAppender(StoreExecutor executor) : IMessageAppender
{
    public Task AppendAsync(MessageAppend append, CancellationToken cancellationToken) => executor.TransactAsync(
        async (unit, ct) =>
        {
            await MessageAppends.AppendAsync(unit, [append], unit.Dialect.LockThreads, ct).ConfigureAwait(false);
            return append;
        },
        cancellationToken);
}
