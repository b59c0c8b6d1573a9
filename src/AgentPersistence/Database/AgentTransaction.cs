using System.Data.Common;
using AgentPersistence.Approvals.Storage;
using AgentPersistence.Approvals;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Conversations;
using AgentPersistence.Customers.Storage;
using AgentPersistence.Customers;
using AgentPersistence.Deployments.Storage;
using AgentPersistence.Deployments;
using AgentPersistence.Idempotency.Storage;
using AgentPersistence.Idempotency;
using AgentPersistence.Incidents.Storage;
using AgentPersistence.Incidents;
using AgentPersistence.Interactions.Storage;
using AgentPersistence.Interactions;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Jobs.Hosting;
using AgentPersistence.Jobs.Storage;
using AgentPersistence.Jobs;
using AgentPersistence.Knowledge.Storage;
using AgentPersistence.Knowledge;
using AgentPersistence.Metrics.Storage;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions.Storage;
using AgentPersistence.Sessions;
using AgentPersistence.Tokens.Storage;
using AgentPersistence.Tokens;
using AgentPersistence.Transactions.Storage;
using AgentPersistence.Transactions;

namespace AgentPersistence.Database;

/// <summary>The stores of one transaction: our own, or the host's (then <paramref name="own"/> is null).</summary>
internal sealed class AgentTransaction(TransactionExecutor executor, UnitOfWork? own, JobSignals signals) : IAgentTransaction
{
    public IAuditLogger Audit => field ??= new AuditLogger(executor, new TransactionAuditAppender(executor));

    public IMetricsRecorder Metrics => field ??= new MetricsRecorder(executor);

    public IIdempotencyCache Idempotency => field ??= new IdempotencyCache(executor, shared: null);

    public ICustomerContextStore Customers => field ??= new CustomerContextStore(executor);

    public ISessionStore Sessions => field ??= new SessionStore(executor, saver: null);

    public IConversationStore Conversations => field ??= new ConversationStore(executor, new TransactionMessageAppender(executor));

    public IJobQueue Jobs => field ??= new JobQueue(executor, new DirectJobWriter(executor), signals);

    public IApprovalStore Approvals => field ??= new ApprovalStore(executor, watch: null, signals);

    public ITokenLedger Tokens => field ??= new TokenLedger(executor, Rows(TokenRows.Table));

    public IDeploymentLog Deployments => field ??= new DeploymentLog(executor);

    public IInteractionLog Interactions => field ??= new InteractionLog(executor, Rows(InteractionRows.Table));

    public IKnowledgeRegistry Knowledge => field ??= new KnowledgeRegistry(executor);

    public IIncidentMemory Incidents => field ??= new IncidentMemory(executor, Rows(ConfidenceRows.Table));

    public ITransactionJournal Transactions => field ??= new TransactionJournal(
        executor, executor.JoinAsync, inside => new AgentTransaction(inside, own: null, signals));

    public DbTransaction DbTransaction => executor.Transaction;

    public Task CommitAsync(CancellationToken cancellationToken = default) => own is null
        ? throw new InvalidOperationException("The transaction is not this one's to commit: whoever began it commits it.")
        : executor.CommitAsync(own, cancellationToken);

    public async ValueTask DisposeAsync() => await executor.EndAsync(own).ConfigureAwait(false);

    private TransactionRowAppender<TRow> Rows<TRow>(AppendTable<TRow> table)
        where TRow : class => new(executor, table);
}
