using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Conversations.Storage;

internal sealed class MessageArtifactConfiguration : IEntityTypeConfiguration<MessageArtifactEntity>
{
    public void Configure(EntityTypeBuilder<MessageArtifactEntity> builder)
    {
        // UpdateArtifactAsync.
        builder.HasKey(a => a.Id);

        // GetArtifactsAsync, and the cascade of a message.
        builder.HasIndex(a => new { a.MessageId, a.Id });

        builder.HasOne<ChatMessageEntity>().WithMany().HasForeignKey(a => a.MessageId).OnDelete(DeleteBehavior.Cascade);

        builder.Property(a => a.ContentJson).IsJson();
        builder.Property(a => a.Kind).HasMaxLength(20);
        builder.Property(a => a.Uri).HasMaxLength(ArtifactRows.LongestUri);

        builder.ToTable("agent_message_artifacts");
    }
}
