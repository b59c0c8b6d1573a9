using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Interactions.Storage;

internal sealed class InteractionConfiguration : IEntityTypeConfiguration<InteractionEntity>
{
    private const string Table = "agent_interactions";

    public void Configure(EntityTypeBuilder<InteractionEntity> builder)
    {
        // FindAsync and DeleteAsync.
        builder.HasKey(i => i.Id);

        // QueryAsync of any mode: the latest first.
        builder.HasIndex(i => new { i.Timestamp, i.Id });

        // GetMetricsAsync, which reads nothing but this; QueryAsync by mode. A name of its own, because PostgreSQL cuts long ones.
        builder.HasIndex(i => new
        {
            i.AssistantMode, i.Timestamp, i.Id, i.Outcome, i.IntentCategory, i.IntentName, i.ConfidenceScore, i.ProcessingTimeMs,
        }).HasDatabaseName($"ix_{Table}_metrics");

        // QueryAsync by intent.
        builder.HasIndex(i => new { i.IntentName, i.Timestamp, i.Id });

        // QueryAsync by outcome.
        builder.HasIndex(i => new { i.Outcome, i.Timestamp, i.Id });

        // QueryAsync of one conversation.
        builder.HasIndex(i => new { i.SessionId, i.Timestamp, i.Id });

        builder.Property(i => i.SessionId).IsKey();
        builder.Property(i => i.Citations).IsJson();
        builder.Property(i => i.AssistantMode).HasMaxLength(20);
        builder.Property(i => i.IntentName).HasMaxLength(255);
        builder.Property(i => i.IntentCategory).HasMaxLength(20);
        builder.Property(i => i.Outcome).HasMaxLength(20);
        builder.Property(i => i.Step1IntentCompleted).HasColumnName("step_1_intent_completed");
        builder.Property(i => i.Step2RoutingDecision).HasMaxLength(255).HasColumnName("step_2_routing_decision");
        builder.Property(i => i.Step3RetrievalPerformed).HasColumnName("step_3_retrieval_performed");
        builder.Property(i => i.Step4ResponseGenerated).HasColumnName("step_4_response_generated");
        builder.Property(i => i.Step5ConfidenceScore).HasColumnName("step_5_confidence_score");
        builder.Property(i => i.Step6EscalationTriggered).HasColumnName("step_6_escalation_triggered");

        builder.ToTable(Table, table =>
        {
            table.HasCheckConstraint($"ck_{Table}_assistant_mode", "assistant_mode IN ('customer', 'banker')");
            table.HasCheckConstraint($"ck_{Table}_intent_category", "intent_category IN ('automatable', 'sensitive', 'human_only')");
            table.HasCheckConstraint($"ck_{Table}_outcome", "outcome IN ('resolved', 'escalated')");
        });
    }
}
