using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Conversations.Storage;

/// <summary>Rows of messages: made of what callers pass, once it is checked, and turned into records.</summary>
internal static class MessageRows
{
    private const int FixedSize = 256;

    public static readonly BulkInsert<ChatMessageEntity> Columns = new(
        typeof(ChatMessageEntity),
        [
            new(nameof(ChatMessageEntity.Id), StoredType.Id, m => m.Id),
            new(nameof(ChatMessageEntity.ThreadId), StoredType.Id, m => m.ThreadId),
            new(nameof(ChatMessageEntity.Role), StoredType.Text, m => m.Role),
            new(nameof(ChatMessageEntity.Text), StoredType.Text, m => m.Text),
            new(nameof(ChatMessageEntity.AuthorUserId), StoredType.Text, m => m.AuthorUserId),
            new(nameof(ChatMessageEntity.PlatformMessageId), StoredType.Text, m => m.PlatformMessageId),
            new(nameof(ChatMessageEntity.RawPayload), StoredType.Json, m => m.RawPayload),
            new(nameof(ChatMessageEntity.ContentHash), StoredType.Bytes, m => m.ContentHash),
            new(nameof(ChatMessageEntity.CreatedAt), StoredType.Time, m => m.CreatedAt),
            new(nameof(ChatMessageEntity.Sequence), StoredType.Number, m => m.Sequence),
        ]);

    /// <exception cref="ArgumentException">A member of the message breaks its documented rule.</exception>
    public static ChatMessageEntity Prepare(Guid threadId, NewMessage message, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(message);
        var role = EnumText<MessageRole>.From(Input.Defined(message.Role, nameof(message.Role)));
        var text = Input.Text(message.Text);
        var author = Input.OptionalKey(message.AuthorUserId, nameof(message.AuthorUserId));
        var payload = Input.Json(message.RawPayload, nameof(message.RawPayload), executor.Options.MaxJsonBytes);
        return new ChatMessageEntity
        {
            Id = executor.Ids.Next(),
            ThreadId = threadId,
            Role = role,
            Text = text,
            AuthorUserId = author,
            PlatformMessageId = Input.OptionalKey(message.PlatformMessageId, nameof(message.PlatformMessageId)),
            RawPayload = payload,
            ContentHash = MessageHash.Of(role, text, author, payload),
            CreatedAt = executor.Dialect.Now,
        };
    }

    /// <summary>About how many bytes the row sends to the database.</summary>
    public static int Size(ChatMessageEntity row) => FixedSize + (row.Text?.Length ?? 0) + (row.RawPayload?.Length ?? 0);

    public static ChatMessage Record(ChatMessageEntity row, bool alreadyStored = false) => new()
    {
        Id = row.Id,
        ThreadId = row.ThreadId,
        Sequence = row.Sequence,
        Role = EnumText<MessageRole>.Parse(row.Role),
        Text = row.Text,
        AuthorUserId = row.AuthorUserId,
        PlatformMessageId = row.PlatformMessageId,
        RawPayload = StoredJson.Parse(row.RawPayload),
        CreatedAt = row.CreatedAt,
        AlreadyStored = alreadyStored,
    };

    /// <summary>Reads <c>{ChatMessage.*}</c>.</summary>
    public static ChatMessageEntity Read(StoreReader row)
    {
        var columns = row.Table<ChatMessageEntity>();
        return new ChatMessageEntity
        {
            Id = row.Id(columns.Ordinal(nameof(ChatMessageEntity.Id))),
            ThreadId = row.Id(columns.Ordinal(nameof(ChatMessageEntity.ThreadId))),
            Sequence = row.Number(columns.Ordinal(nameof(ChatMessageEntity.Sequence))),
            Role = row.Text(columns.Ordinal(nameof(ChatMessageEntity.Role))),
            Text = row.TextOrNull(columns.Ordinal(nameof(ChatMessageEntity.Text))),
            AuthorUserId = row.TextOrNull(columns.Ordinal(nameof(ChatMessageEntity.AuthorUserId))),
            PlatformMessageId = row.TextOrNull(columns.Ordinal(nameof(ChatMessageEntity.PlatformMessageId))),
            RawPayload = row.TextOrNull(columns.Ordinal(nameof(ChatMessageEntity.RawPayload))),
            ContentHash = row.Bytes(columns.Ordinal(nameof(ChatMessageEntity.ContentHash))),
            CreatedAt = row.Time(columns.Ordinal(nameof(ChatMessageEntity.CreatedAt))),
        };
    }
}
