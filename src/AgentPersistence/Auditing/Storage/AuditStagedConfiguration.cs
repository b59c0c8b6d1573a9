using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Auditing.Storage;

internal sealed class AuditStagedConfiguration : IEntityTypeConfiguration<AuditStagedEntity>
{
    public void Configure(EntityTypeBuilder<AuditStagedEntity> builder)
    {
        // No unique key but the id: a collision with another transaction must not wait for it.
        builder.HasKey(e => e.Id);

        builder.Property(e => e.RunId).IsKey();
        builder.Property(e => e.UserId).IsKey();
        builder.Property(e => e.SessionId).IsKey();
        builder.Property(e => e.IdempotencyKey).IsKey();
        builder.Property(e => e.InputData).IsJson();
        builder.Property(e => e.OutputData).IsJson();
        builder.Property(e => e.EventDetails).IsJson();
        builder.Property(e => e.EventType).HasMaxLength(255);
        builder.Property(e => e.Intent).HasMaxLength(255);
        builder.Property(e => e.Action).HasMaxLength(255);
        builder.Property(e => e.Status).HasMaxLength(20);

        builder.ToTable("agent_audit_staged");
    }
}
