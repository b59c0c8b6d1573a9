using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Jobs.Storage;

internal sealed class JobConfiguration : IEntityTypeConfiguration<JobEntity>
{
    public void Configure(EntityTypeBuilder<JobEntity> builder)
    {
        // FindAsync, every settlement, and QueryAsync, which pages by it. A job moves twice at least, and every move writes each index that
        // holds the job: so all others are partial, and hold it only while their query asks for it.
        builder.HasKey(j => j.Id);

        // ClaimAsync: what is due, lane by lane of mode and priority.
        builder.HasIndex(j => new { j.Mode, j.Priority, j.RunAt, j.Id }).HasFilter("status = 'queued'");

        // ClaimAsync: leases that have lapsed.
        builder.HasIndex(j => new { j.Mode, j.LeaseUntil }).HasFilter("status = 'running'");

        // EnqueueAsync and RequeueAsync: one queued or running job for each key.
        builder.HasIndex(j => j.UniqueKey).IsUnique().HasFilter("unique_key IS NOT NULL AND status IN ('queued', 'running')");

        // Waking the jobs that wait for an approval, and QueryAsync by approval.
        builder.HasIndex(j => j.WaitingFor).HasFilter("waiting_for IS NOT NULL");

        // QueryAsync by thread.
        builder.HasIndex(j => new { j.ThreadId, j.Id }).HasFilter("thread_id IS NOT NULL");

        // QueryAsync by trigger message.
        builder.HasIndex(j => new { j.TriggerMessageId, j.Id }).HasFilter("trigger_message_id IS NOT NULL");

        // QueryAsync for dead jobs: few among many that are done.
        builder.HasIndex(j => new { j.Status, j.Id }).HasFilter("status IN ('failed', 'canceled')");

        builder.Property(j => j.Mode).IsKey();
        builder.Property(j => j.Status).HasMaxLength(20);
        builder.Property(j => j.PayloadJson).IsJson();
        builder.Property(j => j.UniqueKey).IsKey();
        builder.Property(j => j.Worker).IsKey();
        builder.Property(j => j.ResultJson).IsJson();

        builder.ToTable("agent_reactive_jobs");
    }
}
