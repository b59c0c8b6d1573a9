using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Incidents.Storage;

internal sealed class IncidentConfidenceConfiguration : IEntityTypeConfiguration<IncidentConfidenceEntity>
{
    public void Configure(EntityTypeBuilder<IncidentConfidenceEntity> builder)
    {
        builder.HasKey(c => c.Id);

        // GetConfidenceHistoryAsync of one signal cluster.
        builder.HasIndex(c => new { c.SignalHash, c.RecordedAt, c.Id });

        // GetConfidenceHistoryAsync of all.
        builder.HasIndex(c => new { c.RecordedAt, c.Id });

        builder.Property(c => c.Cause).HasMaxLength(255);

        builder.ToTable(
            "agent_confidence_history",
            t => t.HasCheckConstraint("ck_agent_confidence_history_confidence", "confidence >= 0 AND confidence <= 1"));
    }
}
