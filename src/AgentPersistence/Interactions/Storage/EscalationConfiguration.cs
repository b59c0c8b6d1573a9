using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Interactions.Storage;

internal sealed class EscalationConfiguration : IEntityTypeConfiguration<EscalationEntity>
{
    public void Configure(EntityTypeBuilder<EscalationEntity> builder)
    {
        // EscalateAsync; the same escalation again stores nothing.
        builder.HasKey(e => e.Id);

        // The triggers of GetMetricsAsync, QueryEscalationsAsync of one interaction, and its cascade.
        builder.HasIndex(e => new { e.InteractionId, e.TriggerType });

        // QueryEscalationsAsync by trigger: the newest first.
        builder.HasIndex(e => new { e.TriggerType, e.CreatedAt, e.Id });

        // QueryEscalationsAsync of any trigger.
        builder.HasIndex(e => new { e.CreatedAt, e.Id });

        builder.HasOne<InteractionEntity>().WithMany().HasForeignKey(e => e.InteractionId).OnDelete(DeleteBehavior.Cascade);

        builder.Property(e => e.TriggerType).IsKey();

        builder.ToTable("agent_escalations");
    }
}
