using AgentPersistence.Approvals;
using AgentPersistence.Approvals.Storage;
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
using AgentPersistence.Incidents;
using AgentPersistence.Incidents.Storage;
using AgentPersistence.Interactions;
using AgentPersistence.Interactions.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Jobs;
using AgentPersistence.Jobs.Hosting;
using AgentPersistence.Jobs.Storage;
using AgentPersistence.Knowledge;
using AgentPersistence.Knowledge.Storage;
using AgentPersistence.Metrics;
using AgentPersistence.Metrics.Storage;
using AgentPersistence.Providers;
using AgentPersistence.Sessions;
using AgentPersistence.Sessions.Storage;
using AgentPersistence.Tokens;
using AgentPersistence.Tokens.Storage;
using AgentPersistence.Transactions;
using AgentPersistence.Transactions.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentPersistence.Database;

/// <summary>The stores that stand alone, each on connections of its own. Those of a transaction are <see cref="AgentTransaction"/>'s.</summary>
internal static class StoreRegistrations
{
    public static void TryAddStores(this IServiceCollection services)
    {
        Add(services, executor => new SharedAuditAppender(executor));
        Add<IAuditLogger>(services, (executor, sp) => new AuditLogger(executor, sp.GetRequiredService<SharedAuditAppender>()));
        Add<IAuditVerifier>(services, executor => new AuditVerifier(executor));
        Add(services, executor => new AuditMaintenanceConnection(executor));
        Add<IAuditMaintenance>(services, (_, sp) => new AuditMaintenance(sp.GetRequiredService<AuditMaintenanceConnection>().Executor));
        Add<IMetricsRecorder>(services, executor => new MetricsRecorder(executor));
        Add(services, executor => new SharedSessionSaver(executor));
        Add<ISessionStore>(services, (executor, sp) => new SessionStore(executor, sp.GetRequiredService<SharedSessionSaver>()));
        Add(services, executor => new SharedIdempotencyCalls(executor));
        Add<IIdempotencyCache>(services, (executor, sp) => new IdempotencyCache(executor, sp.GetRequiredService<SharedIdempotencyCalls>()));
        Add<ICustomerContextStore>(services, executor => new CustomerContextStore(executor));
        Add(services, executor => new SharedMessageAppender(executor));
        Add<IConversationStore>(
            services, (executor, sp) => new ConversationStore(executor, sp.GetRequiredService<SharedMessageAppender>()));
        Add(services, (executor, sp) => new JobSignals(
            sp.GetRequiredService<DatabaseConnections>(), executor.Options, sp.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance));
        Add(services, executor => new SharedJobWriter(executor));
        Add<IJobQueue>(services, (executor, sp) => new JobQueue(
            executor, sp.GetRequiredService<SharedJobWriter>(), sp.GetRequiredService<JobSignals>()));
        Add(services, executor => new ApprovalWatch(executor));
        Add<IApprovalStore>(services, (executor, sp) => new ApprovalStore(
            executor, sp.GetRequiredService<ApprovalWatch>(), sp.GetRequiredService<JobSignals>()));
        AddRows(services, TokenRows.Table);
        Add<ITokenLedger>(services, (executor, sp) => new TokenLedger(executor, Rows(sp, TokenRows.Table)));
        Add<IDeploymentLog>(services, executor => new DeploymentLog(executor));
        AddRows(services, InteractionRows.Table);
        Add<IInteractionLog>(services, (executor, sp) => new InteractionLog(executor, Rows(sp, InteractionRows.Table)));
        Add<IKnowledgeRegistry>(services, executor => new KnowledgeRegistry(executor));
        AddRows(services, ConfidenceRows.Table);
        Add<IIncidentMemory>(services, (executor, sp) => new IncidentMemory(executor, Rows(sp, ConfidenceRows.Table)));
        Add<ITransactionJournal>(services, (executor, sp) => new TransactionJournal(
            executor, executor.JoinAsync, inside => new AgentTransaction(inside, own: null, sp.GetRequiredService<JobSignals>())));
    }

    private static void AddRows<TRow>(IServiceCollection services, AppendTable<TRow> table)
        where TRow : class => Add(services, executor => new SharedRowAppender<TRow>(executor, table));

    private static SharedRowAppender<TRow> Rows<TRow>(IServiceProvider services, AppendTable<TRow> table)
        where TRow : class => services.GetRequiredService<SharedRowAppender<TRow>>();

    private static void Add<TStore>(IServiceCollection services, Func<OwnConnectionExecutor, TStore> create)
        where TStore : class => Add(services, (executor, _) => create(executor));

    private static void Add<TStore>(IServiceCollection services, Func<OwnConnectionExecutor, IServiceProvider, TStore> create)
        where TStore : class => services.TryAddSingleton(sp => create(sp.GetRequiredService<OwnConnectionExecutor>(), sp));
}
