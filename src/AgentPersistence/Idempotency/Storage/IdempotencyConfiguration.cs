using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Idempotency.Storage;

internal sealed class IdempotencyConfiguration : IEntityTypeConfiguration<IdempotencyEntity>
{
    public void Configure(EntityTypeBuilder<IdempotencyEntity> builder)
    {
        builder.HasKey(i => new { i.Scope, i.IdempotencyKey });

        // What one user has asked for.
        builder.HasIndex(i => i.UserId).HasFilter("user_id IS NOT NULL");

        // Clean-up of what has expired.
        builder.HasIndex(i => i.ExpiresAt).HasFilter("expires_at IS NOT NULL");

        builder.Property(i => i.Scope).IsKey();
        builder.Property(i => i.IdempotencyKey).IsKey();
        builder.Property(i => i.UserId).IsKey();
        builder.Property(i => i.Fingerprint).IsKey();
        builder.Property(i => i.ResultData).IsJson();
        builder.Property(i => i.State).HasMaxLength(20);
        builder.Property(i => i.OnCrash).HasMaxLength(20);

        builder.ToTable("agent_idempotency_cache");
    }
}
