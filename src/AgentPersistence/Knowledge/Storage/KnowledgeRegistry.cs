using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Knowledge.Storage;

internal sealed class KnowledgeRegistry(StoreExecutor executor) : IKnowledgeRegistry
{
    public async Task<KnowledgeDocument> RegisterAsync(NewKnowledgeDocument document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var id = executor.Ids.Next();
        var fileId = Input.Key(document.FileId, nameof(document.FileId));
        var title = Input.RequiredText(document.Title, nameof(document.Title));
        var sourceUrl = Input.Text(document.SourceUrl);
        var contentType = TextOf(document.ContentType, nameof(document.ContentType));
        var topic = Input.Name(document.TopicCollection, nameof(document.TopicCollection));
        var ingestedAt = Input.Time(document.IngestedAt);
        var metadata = Input.Json(document.Metadata, nameof(document.Metadata), executor.Options.MaxJsonBytes);

        // Repeated after a lost answer it stores the same again, so it needs no write id.
        var stored = await executor.WriteAsync(
            (unit, ct) => unit.Command(unit.Dialect.RegisterDocument)
                .Id("id", id).Text("file_id", fileId).Text("title", title).Text("source_url", sourceUrl).Text("content_type", contentType)
                .Text("topic", topic).Time("ingested_at", ingestedAt).Json("metadata", metadata)
                .ReadFirstAsync(Read, ct),
            cancellationToken).ConfigureAwait(false);
        return stored!;
    }

    public async Task<KnowledgeDocument?> FindAsync(string fileId, CancellationToken cancellationToken = default)
    {
        var id = Input.Key(fileId, nameof(fileId));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindDocument).Text("file_id", id).ReadFirstAsync(Read, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<KnowledgeDocument>> QueryAsync(KnowledgeQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var contentType = TextOf(query.ContentType, nameof(query.ContentType));
        var topic = Input.Name(query.TopicCollection, nameof(query.TopicCollection));
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryDocuments(query))
                .Text("content_type", contentType).Text("topic", topic)
                .Time("after_time", Input.Time(query.After?.IngestedAt)).Id("after_id", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(Read, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> RemoveAsync(string fileId, CancellationToken cancellationToken = default)
    {
        var id = Input.Key(fileId, nameof(fileId));
        return await executor.WriteAsync(
            async (unit, ct) =>
            {
                var removed = await unit.Command(unit.Dialect.RemoveDocument).Text("file_id", id).ExecuteAsync(ct).ConfigureAwait(false);

                // After a lost answer nobody can know who removed it; it is gone, as the caller asked.
                return removed > 0 || unit.IsRepeat;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string? TextOf(KnowledgeContentType? contentType, string argument) =>
        contentType is { } given ? EnumText<KnowledgeContentType>.From(Input.Defined(given, argument)) : null;

    /// <summary>Reads <c>{KnowledgeDocument.*}</c>.</summary>
    private static KnowledgeDocument Read(StoreReader row)
    {
        var columns = row.Table<KnowledgeDocumentEntity>();
        var contentType = row.TextOrNull(columns.Ordinal(nameof(KnowledgeDocumentEntity.ContentType)));
        return new KnowledgeDocument
        {
            Id = row.Id(columns.Ordinal(nameof(KnowledgeDocumentEntity.Id))),
            FileId = row.Text(columns.Ordinal(nameof(KnowledgeDocumentEntity.FileId))),
            Title = row.Text(columns.Ordinal(nameof(KnowledgeDocumentEntity.Title))),
            SourceUrl = row.TextOrNull(columns.Ordinal(nameof(KnowledgeDocumentEntity.SourceUrl))),
            ContentType = contentType is null ? null : EnumText<KnowledgeContentType>.Parse(contentType),
            TopicCollection = row.TextOrNull(columns.Ordinal(nameof(KnowledgeDocumentEntity.TopicCollection))),
            IngestedAt = row.Time(columns.Ordinal(nameof(KnowledgeDocumentEntity.IngestedAt))),
            Metadata = StoredJson.Parse(row.TextOrNull(columns.Ordinal(nameof(KnowledgeDocumentEntity.Metadata)))),
        };
    }
}
