using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentPersistence.Knowledge.Storage;

internal sealed class KnowledgeDocumentConfiguration : IEntityTypeConfiguration<KnowledgeDocumentEntity>
{
    public void Configure(EntityTypeBuilder<KnowledgeDocumentEntity> builder)
    {
        builder.HasKey(d => d.Id);

        // FindAsync and RemoveAsync; a file is registered once.
        builder.HasIndex(d => d.FileId).IsUnique();

        // QueryAsync of anything: the newest ingestion first.
        builder.HasIndex(d => new { d.IngestedAt, d.Id });

        // QueryAsync by content type.
        builder.HasIndex(d => new { d.ContentType, d.IngestedAt, d.Id });

        // QueryAsync by collection, and by content type within it.
        builder.HasIndex(d => new { d.TopicCollection, d.IngestedAt, d.Id });

        builder.Property(d => d.FileId).IsKey();
        builder.Property(d => d.Metadata).IsJson();
        builder.Property(d => d.ContentType).HasMaxLength(20);
        builder.Property(d => d.TopicCollection).HasMaxLength(255);

        builder.ToTable("agent_knowledge_documents", table => table.HasCheckConstraint(
            "ck_agent_knowledge_documents_content_type", "content_type IN ('public', 'synthetic')"));
    }
}
