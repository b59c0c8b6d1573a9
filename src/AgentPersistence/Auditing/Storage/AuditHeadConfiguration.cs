using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Auditing.Storage;

internal sealed class AuditHeadConfiguration : IEntityTypeConfiguration<AuditHeadEntity>
{
    public void Configure(EntityTypeBuilder<AuditHeadEntity> builder)
    {
        builder.HasKey(h => h.Id);
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.HasData(new AuditHeadEntity { Id = 1, Hash = new byte[32], PrunedHash = new byte[32] });

        builder.ToTable("agent_audit_head");
    }
}
