using AgentPersistence.Internal.Sql;
using AgentPersistence.Knowledge;

namespace AgentPersistence.Providers;

// By hand because a document is replaced in one statement that returns it, and because a page is sought by two columns at once.
internal abstract partial class SqlDialect
{
    public SqlStatement RegisterDocument => field ??= Statement($$"""
        INSERT INTO {KnowledgeDocument} (
            {KnowledgeDocument.Id}, {KnowledgeDocument.FileId}, {KnowledgeDocument.Title}, {KnowledgeDocument.SourceUrl},
            {KnowledgeDocument.ContentType}, {KnowledgeDocument.TopicCollection}, {KnowledgeDocument.IngestedAt},
            {KnowledgeDocument.Metadata})
        VALUES (@id, @file_id, @title, @source_url, @content_type, @topic, coalesce(@ingested_at, {{Clock}}), @metadata)
        ON CONFLICT ({KnowledgeDocument.FileId}) DO UPDATE
        SET {KnowledgeDocument.Title} = @title,
            {KnowledgeDocument.SourceUrl} = @source_url,
            {KnowledgeDocument.ContentType} = @content_type,
            {KnowledgeDocument.TopicCollection} = @topic,
            {KnowledgeDocument.IngestedAt} = coalesce(@ingested_at, {{Clock}}),
            {KnowledgeDocument.Metadata} = @metadata
        RETURNING {KnowledgeDocument.*}
        """);

    public SqlStatement FindDocument => field ??= Statement("""
        SELECT {KnowledgeDocument.*} FROM {KnowledgeDocument} WHERE {KnowledgeDocument.FileId} = @file_id
        """);

    public SqlStatement RemoveDocument => field ??= Statement("""
        DELETE FROM {KnowledgeDocument} WHERE {KnowledgeDocument.FileId} = @file_id
        """);

    /// <summary>One page, newest first. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QueryDocuments(KnowledgeQuery query) => Statement($$"""
        SELECT {KnowledgeDocument.*}
        FROM {KnowledgeDocument}
        WHERE true
            {{(query.ContentType is null ? "" : "AND {KnowledgeDocument.ContentType} = @content_type")}}
            {{(query.TopicCollection is null ? "" : "AND {KnowledgeDocument.TopicCollection} = @topic")}}
            {{(query.After is null
                ? "" : "AND ({KnowledgeDocument.IngestedAt}, {KnowledgeDocument.Id}) < (@after_time, @after_id)")}}
        ORDER BY {KnowledgeDocument.IngestedAt} DESC, {KnowledgeDocument.Id} DESC
        LIMIT @limit
        """);
}
