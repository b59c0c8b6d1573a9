using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Deployments.Storage;

internal sealed class DeploymentConfiguration : IEntityTypeConfiguration<DeploymentEntity>
{
    public void Configure(EntityTypeBuilder<DeploymentEntity> builder)
    {
        // FindAsync; the same creation again stores nothing.
        builder.HasKey(d => d.Id);

        // FindLatestAsync and QueryAsync of any branch: the newest first.
        builder.HasIndex(d => new { d.CreatedAt, d.Id });

        // FindLatestAsync and QueryAsync of one branch.
        builder.HasIndex(d => new { d.Branch, d.CreatedAt, d.Id });

        // FindLatestHealthyAsync of one branch, however many failed since.
        builder.HasIndex(d => new { d.Branch, d.Status, d.CreatedAt, d.Id });

        // FindLatestHealthyAsync of any branch, and QueryAsync by status.
        builder.HasIndex(d => new { d.Status, d.CreatedAt, d.Id });

        // QueryAsync of one commit.
        builder.HasIndex(d => new { d.GitSha, d.CreatedAt, d.Id });

        builder.Property(d => d.GitSha).IsKey();
        builder.Property(d => d.Branch).IsKey();
        builder.Property(d => d.Status).HasMaxLength(20);

        builder.ToTable("agent_deployments");
    }
}
