using AgentPersistence.Approvals.Storage;
using AgentPersistence.Auditing.Storage;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Customers.Storage;
using AgentPersistence.Deployments.Storage;
using AgentPersistence.Idempotency.Storage;
using AgentPersistence.Incidents.Storage;
using AgentPersistence.Interactions.Storage;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Jobs.Storage;
using AgentPersistence.Knowledge.Storage;
using AgentPersistence.Metrics.Storage;
using AgentPersistence.Sessions.Storage;
using AgentPersistence.Tokens.Storage;
using AgentPersistence.Transactions.Storage;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence;

/// <summary>The table of contents: one line per table, in the order a reader meets the features.</summary>
internal abstract class AgentPersistenceDbContext(DbContextOptions options) : DbContext(options)
{
    public const string MigrationsHistoryTable = "agent_migrations_history";

    public DbSet<AuditEntryEntity> AuditEntries => Set<AuditEntryEntity>();

    public DbSet<AuditStagedEntity> AuditStaged => Set<AuditStagedEntity>();

    public DbSet<AuditHeadEntity> AuditHead => Set<AuditHeadEntity>();

    public DbSet<RunMetricsEntity> Runs => Set<RunMetricsEntity>();

    public DbSet<CustomerContextEntity> Customers => Set<CustomerContextEntity>();

    public DbSet<SessionEntity> Sessions => Set<SessionEntity>();

    public DbSet<IdempotencyEntity> IdempotencyCache => Set<IdempotencyEntity>();

    public DbSet<ChatThreadEntity> ChatThreads => Set<ChatThreadEntity>();

    public DbSet<ChatMessageEntity> ChatMessages => Set<ChatMessageEntity>();

    public DbSet<MessageArtifactEntity> MessageArtifacts => Set<MessageArtifactEntity>();

    public DbSet<JobEntity> Jobs => Set<JobEntity>();

    public DbSet<ApprovalEntity> Approvals => Set<ApprovalEntity>();

    public DbSet<TransactionEntity> Transactions => Set<TransactionEntity>();

    public DbSet<DeploymentEntity> Deployments => Set<DeploymentEntity>();

    public DbSet<KnowledgeDocumentEntity> KnowledgeDocuments => Set<KnowledgeDocumentEntity>();

    public DbSet<InteractionEntity> Interactions => Set<InteractionEntity>();

    public DbSet<EscalationEntity> Escalations => Set<EscalationEntity>();

    public DbSet<TokenEntryEntity> TokenLedger => Set<TokenEntryEntity>();

    public DbSet<TokenBudgetEntity> TokenBudgets => Set<TokenBudgetEntity>();

    public DbSet<TokenReservationEntity> TokenReservations => Set<TokenReservationEntity>();

    public DbSet<IncidentEntity> Incidents => Set<IncidentEntity>();

    public DbSet<IncidentConfidenceEntity> IncidentConfidences => Set<IncidentConfidenceEntity>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new AuditEntryConfiguration());
        modelBuilder.ApplyConfiguration(new AuditStagedConfiguration());
        modelBuilder.ApplyConfiguration(new AuditHeadConfiguration());
        modelBuilder.ApplyConfiguration(new RunMetricsConfiguration());
        modelBuilder.ApplyConfiguration(new CustomerContextConfiguration());
        modelBuilder.ApplyConfiguration(new SessionConfiguration());
        modelBuilder.ApplyConfiguration(new IdempotencyConfiguration());
        modelBuilder.ApplyConfiguration(new ChatThreadConfiguration());
        modelBuilder.ApplyConfiguration(new ChatMessageConfiguration());
        modelBuilder.ApplyConfiguration(new MessageArtifactConfiguration());
        modelBuilder.ApplyConfiguration(new JobConfiguration());
        modelBuilder.ApplyConfiguration(new ApprovalConfiguration());
        modelBuilder.ApplyConfiguration(new TransactionConfiguration());
        modelBuilder.ApplyConfiguration(new DeploymentConfiguration());
        modelBuilder.ApplyConfiguration(new KnowledgeDocumentConfiguration());
        modelBuilder.ApplyConfiguration(new InteractionConfiguration());
        modelBuilder.ApplyConfiguration(new EscalationConfiguration());
        modelBuilder.ApplyConfiguration(new TokenEntryConfiguration());
        modelBuilder.ApplyConfiguration(new TokenBudgetConfiguration());
        modelBuilder.ApplyConfiguration(new TokenReservationConfiguration());
        modelBuilder.ApplyConfiguration(new IncidentConfiguration());
        modelBuilder.ApplyConfiguration(new IncidentConfidenceConfiguration());

        SnakeCaseNames.Apply(modelBuilder.Model);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            if (property.RemoveAnnotation(ColumnKindExtensions.Annotation)?.Value is ColumnKind kind)
            {
                MapColumn(property, kind);
            }
        }
    }

    /// <summary>Gives a column the database's own type or collation for what it holds.</summary>
    protected abstract void MapColumn(IMutableProperty property, ColumnKind kind);
}
