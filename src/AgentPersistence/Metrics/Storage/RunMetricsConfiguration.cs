using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Metrics.Storage;

internal sealed class RunMetricsConfiguration : IEntityTypeConfiguration<RunMetricsEntity>
{
    public void Configure(EntityTypeBuilder<RunMetricsEntity> builder)
    {
        builder.HasKey(r => r.RunId);

        // QueryRunsAsync: the latest start first, then by run id.
        builder.HasIndex(r => new { r.StartTime, r.RunId });

        // QueryRunsAsync and SummarizeRunsAsync of one journey.
        builder.HasIndex(r => new { r.JourneyName, r.StartTime });

        // QueryRunsAsync of one outcome.
        builder.HasIndex(r => new { r.FinalOutcome, r.StartTime });

        builder.Property(r => r.RunId).IsKey();
        builder.Property(r => r.TicketId).IsKey();
        builder.Property(r => r.JourneyName).HasMaxLength(255);
        builder.Property(r => r.FinalOutcome).HasMaxLength(255);

        builder.ToTable("agent_run_metrics");
    }
}
