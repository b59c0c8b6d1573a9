using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Sessions.Storage;

internal sealed class SessionConfiguration : IEntityTypeConfiguration<SessionEntity>
{
    public void Configure(EntityTypeBuilder<SessionEntity> builder)
    {
        builder.HasKey(s => s.Id);

        // QueryAsync by user: the newest sessions of one user.
        builder.HasIndex(s => new { s.UserId, s.CreatedAt });

        // QueryAsync with neither: the newest sessions.
        builder.HasIndex(s => s.CreatedAt);

        // QueryAsync of what has expired: it holds only what may still expire.
        builder.HasIndex(s => s.ExpiresAt).HasFilter("expires_at IS NOT NULL AND status = 'active'");

        // QueryAsync by status: the newest sessions in it.
        builder.HasIndex(s => new { s.Status, s.CreatedAt });

        builder.Property(s => s.Id).IsKey();
        builder.Property(s => s.UserId).IsKey();
        builder.Property(s => s.State).IsJson();
        builder.Property(s => s.Status).HasMaxLength(20);

        builder.ToTable("agent_sessions");
    }
}
