using AgentPersistence.Approvals;
using AgentPersistence.Approvals.Storage;
using System.Data.Common;
using AgentPersistence.Auditing;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Conversations;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Customers;
using AgentPersistence.Customers.Storage;
using AgentPersistence.Deployments;
using AgentPersistence.Deployments.Storage;
using AgentPersistence.Idempotency;
using AgentPersistence.Idempotency.Storage;
using AgentPersistence.Interactions;
using AgentPersistence.Interactions.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Knowledge;
using AgentPersistence.Knowledge.Storage;
using AgentPersistence.Metrics;
using AgentPersistence.Metrics.Storage;
using AgentPersistence.Sessions;
using AgentPersistence.Sessions.Storage;
using AgentPersistence.Transactions;
using AgentPersistence.Transactions.Storage;
using AgentPersistence.Tokens;
using AgentPersistence.Tokens.Storage;

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

    public IApprovalStore Approvals => field ??= new ApprovalStore(executor, watch: null);
    public ITransactionJournal Transactions => field ??= new TransactionJournal(executor, executor.JoinAsync);

    public DbTransaction DbTransaction => executor.Transaction;
    public IDeploymentLog Deployments => field ??= new DeploymentLog(executor);

    public IKnowledgeRegistry Knowledge => field ??= new KnowledgeRegistry(executor);

    public IInteractionLog Interactions => field ??= new InteractionLog(
        executor, new TransactionRowAppender<InteractionEntity>(executor, InteractionRows.Table));
    public ITokenLedger Tokens => field ??= new TokenLedger(
        executor, new TransactionRowAppender<TokenEntryEntity>(executor, TokenRows.Table));

    public Task CommitAsync(CancellationToken cancellationToken = default) => own is null
        ? throw new InvalidOperationException("The transaction is not this one's to commit: whoever began it commits it.")
        : executor.CommitAsync(own, cancellationToken);

    public async ValueTask DisposeAsync() => await executor.EndAsync(own).ConfigureAwait(false);
}
