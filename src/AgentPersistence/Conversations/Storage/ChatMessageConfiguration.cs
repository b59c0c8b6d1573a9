using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Conversations.Storage;

internal sealed class ChatMessageConfiguration : IEntityTypeConfiguration<ChatMessageEntity>
{
    public void Configure(EntityTypeBuilder<ChatMessageEntity> builder)
    {
        // FindMessageAsync by id.
        builder.HasKey(m => m.Id);

        // ReadMessagesAsync, GetRecentMessagesAsync and the cascade of a thread; no number twice.
        builder.HasIndex(m => new { m.ThreadId, m.Sequence }).IsUnique();

        // FindMessageAsync by platform id; appending it again stores nothing.
        builder.HasIndex(m => new { m.ThreadId, m.PlatformMessageId }).IsUnique().HasFilter("platform_message_id IS NOT NULL");

        builder.HasOne<ChatThreadEntity>().WithMany().HasForeignKey(m => m.ThreadId).OnDelete(DeleteBehavior.Cascade);

        builder.Property(m => m.AuthorUserId).IsKey();
        builder.Property(m => m.PlatformMessageId).IsKey();
        builder.Property(m => m.RawPayload).IsJson();
        builder.Property(m => m.Role).HasMaxLength(20);

        builder.ToTable("agent_chat_messages");
    }
}
