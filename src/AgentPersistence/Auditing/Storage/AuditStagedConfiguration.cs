using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Auditing.Storage;

internal sealed class AuditStagedConfiguration : IEntityTypeConfiguration<AuditStagedEntity>
{
    public void Configure(EntityTypeBuilder<AuditStagedEntity> builder)
    {
        // No unique key but the id: a collision with another transaction must not wait for it.
        builder.HasKey(e => e.Id);

        builder.HasAuditRowColumns();
        builder.ToTable("agent_audit_staged");
    }
}
