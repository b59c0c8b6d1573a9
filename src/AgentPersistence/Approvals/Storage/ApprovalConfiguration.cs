using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Approvals.Storage;

internal sealed class ApprovalConfiguration : IEntityTypeConfiguration<ApprovalEntity>
{
    public void Configure(EntityTypeBuilder<ApprovalEntity> builder)
    {
        // FindAsync, and every write.
        builder.HasKey(a => a.Id);

        // QueryAsync by status: what waits for a decision, and since when.
        builder.HasIndex(a => new { a.Status, a.CreatedAt, a.Id });

        // QueryAsync in any status.
        builder.HasIndex(a => new { a.CreatedAt, a.Id });

        // QueryAsync by thread.
        builder.HasIndex(a => new { a.ThreadId, a.CreatedAt }).HasFilter("thread_id IS NOT NULL");

        // QueryAsync by job.
        builder.HasIndex(a => new { a.JobId, a.CreatedAt }).HasFilter("job_id IS NOT NULL");

        // ExpireAsync: it holds only what may still expire.
        builder.HasIndex(a => a.ExpiresAt)
            .HasFilter("expires_at IS NOT NULL AND consumed_at IS NULL AND status IN ('pending', 'approved')");

        builder.Property(a => a.ActionJson).IsJson();
        builder.Property(a => a.ActionDigest).IsKey();
        builder.Property(a => a.RequestedBy).IsKey();
        builder.Property(a => a.DecidedBy).IsKey();
        builder.Property(a => a.Status).HasMaxLength(20);

        builder.ToTable("agent_approvals");
    }
}
