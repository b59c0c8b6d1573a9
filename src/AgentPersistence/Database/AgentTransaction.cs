using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Conversations;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Customers;
using AgentPersistence.Customers.Storage;
using AgentPersistence.Idempotency;
using AgentPersistence.Idempotency.Storage;
using AgentPersistence.Incidents;
using AgentPersistence.Incidents.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Metrics;
using AgentPersistence.Metrics.Storage;
using AgentPersistence.Sessions;
using AgentPersistence.Sessions.Storage;

namespace AgentPersistence.Database;

/// <summary>The stores of one transaction: our own, or the host's (then <paramref name="own"/> is null).</summary>
internal sealed class AgentTransaction(TransactionExecutor executor, UnitOfWork? own) : IAgentTransaction
{
    public IAuditLogger Audit => field ??= new AuditLogger(executor, new TransactionAuditAppender(executor));

    public IMetricsRecorder Metrics => field ??= new MetricsRecorder(executor);

    public IIdempotencyCache Idempotency => field ??= new IdempotencyCache(executor);

    public ICustomerContextStore Customers => field ??= new CustomerContextStore(executor);

    public ISessionStore Sessions => field ??= new SessionStore(executor);

    public IConversationStore Conversations => field ??= new ConversationStore(executor, new TransactionMessageAppender(executor));

    public IIncidentMemory Incidents => field ??=
        new IncidentMemory(executor, new TransactionRowAppender<IncidentConfidenceEntity>(executor, ConfidenceRows.Table));

    public Task CommitAsync(CancellationToken cancellationToken = default) => own is null
        ? throw new InvalidOperationException("The transaction is the host's: commit it there.")
        : executor.CommitAsync(own, cancellationToken);

    public async ValueTask DisposeAsync() => await executor.EndAsync(own).ConfigureAwait(false);
}
