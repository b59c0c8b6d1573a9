using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Conversations.Storage;

internal sealed class ChatThreadConfiguration : IEntityTypeConfiguration<ChatThreadEntity>
{
    public void Configure(EntityTypeBuilder<ChatThreadEntity> builder)
    {
        builder.HasKey(t => t.Id);

        // GetOrCreateThreadAsync and FindThreadAsync by chat; one thread per chat. No index on what an append changes: it stays cheap.
        builder.HasIndex(t => new { t.Platform, t.ChatId }).IsUnique();

        builder.Property(t => t.Platform).IsKey();
        builder.Property(t => t.ChatId).IsKey();

        builder.ToTable("agent_chat_threads");
    }
}
