using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Conversations;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using AgentPersistence.Sessions.Storage;

namespace AgentPersistence.Database;

/// <summary>The stores of one transaction: our own, or the host's (then <paramref name="own"/> is null).</summary>
internal sealed class AgentTransaction(TransactionExecutor executor, UnitOfWork? own) : IAgentTransaction
{
    public IAuditLogger Audit => field ??= new AuditLogger(executor, new TransactionAuditAppender(executor));

    public IMetricsRecorder Metrics => throw new NotSupportedException();

    public IIdempotencyCache Idempotency => throw new NotSupportedException();

    public ICustomerContextStore Customers => throw new NotSupportedException();

    public ISessionStore Sessions => field ??= new SessionStore(executor);

    public IConversationStore Conversations => field ??= new ConversationStore(executor, new TransactionMessageAppender(executor));

    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        if (own is null)
        {
            throw new InvalidOperationException("The transaction is the host's: commit it there.");
        }

        if (own.Transaction is null)
        {
            throw new InvalidOperationException("The transaction has already been committed.");
        }

        cancellationToken.ThrowIfCancellationRequested();

        // Not cancelled once it is sent: a commit that was interrupted may or may not have happened.
        await executor.ExclusivelyAsync(() => own.CommitAsync(CancellationToken.None), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            await executor.ExclusivelyAsync(() => own.DisposeAsync().AsTask(), CancellationToken.None).ConfigureAwait(false);
        }

        executor.Dispose();
    }
}
