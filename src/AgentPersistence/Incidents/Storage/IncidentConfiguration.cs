using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Incidents.Storage;

/// <summary>The full-text index is each provider's own: <c>IncidentSearchIndex</c>.</summary>
internal sealed class IncidentConfiguration : IEntityTypeConfiguration<IncidentEntity>
{
    public void Configure(EntityTypeBuilder<IncidentEntity> builder)
    {
        // FindSimilarAsync: the rows that the full-text index names, and those recorded last.
        builder.HasKey(i => i.SearchKey);

        // FindAsync, UpdateOutcomeAsync; recording an id again stores nothing.
        builder.HasIndex(i => i.Id).IsUnique();

        // QueryAsync with neither: those recorded last.
        builder.HasIndex(i => new { i.CreatedAt, i.Id });

        // QueryAsync by outcome.
        builder.HasIndex(i => new { i.Outcome, i.CreatedAt, i.Id });

        // QueryAsync by root cause.
        builder.HasIndex(i => new { i.RootCause, i.CreatedAt, i.Id });

        builder.Property(i => i.SearchKey).ValueGeneratedOnAdd();
        builder.Property(i => i.Outcome).HasMaxLength(20);
        builder.Property(i => i.RootCause).IsKey();
        builder.Property(i => i.ActionTaken).IsJson();

        builder.ToTable(
            "agent_incidents", t => t.HasCheckConstraint("ck_agent_incidents_confidence", "confidence >= 0 AND confidence <= 1"));
    }
}
