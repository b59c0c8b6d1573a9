using AgentPersistence.Approvals;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Customers;
using AgentPersistence.Deployments;
using AgentPersistence.Idempotency;
using AgentPersistence.Interactions;
using AgentPersistence.Knowledge;
using AgentPersistence.Jobs;
using AgentPersistence.Incidents;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using AgentPersistence.Transactions;
using AgentPersistence.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>The library as one host has it: registered with one call, on a test's database.</summary>
public sealed class Agent : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Agent(
        DatabaseKind kind, string connectionString, TimeProvider? timeProvider = null, Action<AgentPersistenceOptions>? configure = null)
    {
        var services = new ServiceCollection();
        if (timeProvider is not null)
        {
            services.AddSingleton(timeProvider);
        }

        services.AddAgentPersistence(options =>
        {
            _ = kind == DatabaseKind.Sqlite ? options.UseSqlite(connectionString) : options.UsePostgreSql(connectionString);
            configure?.Invoke(options);
        });
        _services = services.BuildServiceProvider();
    }

    public Agent(TestDatabase database, TimeProvider? timeProvider = null, Action<AgentPersistenceOptions>? configure = null)
        : this(database.Kind, database.ConnectionString, timeProvider, configure)
    {
    }

    public IAgentDatabase Database => Get<IAgentDatabase>();

    public IAuditLogger Audit => Get<IAuditLogger>();

    public IAuditVerifier Verifier => Get<IAuditVerifier>();

    public IAuditMaintenance AuditMaintenance => Get<IAuditMaintenance>();

    public IMetricsRecorder Metrics => Get<IMetricsRecorder>();

    public ICustomerContextStore Customers => Get<ICustomerContextStore>();

    public ISessionStore Sessions => Get<ISessionStore>();

    public IIdempotencyCache Idempotency => Get<IIdempotencyCache>();

    public IConversationStore Conversations => Get<IConversationStore>();

    public IJobQueue Jobs => Get<IJobQueue>();

    public IApprovalStore Approvals => Get<IApprovalStore>();
    public ITransactionJournal Transactions => Get<ITransactionJournal>();
    public IDeploymentLog Deployments => Get<IDeploymentLog>();

    public IKnowledgeRegistry Knowledge => Get<IKnowledgeRegistry>();

    public IInteractionLog Interactions => Get<IInteractionLog>();
    public ITokenLedger Tokens => Get<ITokenLedger>();
    public IIncidentMemory Incidents => Get<IIncidentMemory>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
