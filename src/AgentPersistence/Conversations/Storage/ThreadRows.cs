using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Conversations.Storage;

/// <summary>Where a thread ends, as an append found it: null where somebody's transaction holds the thread.</summary>
internal readonly record struct ThreadHead(Guid ThreadId, long? Sequence)
{
    public static ThreadHead Read(StoreReader row) => new(row.Id(0), row.NumberOrNull(1));
}

/// <summary>Rows of threads, turned into records.</summary>
internal static class ThreadRows
{
    public static ChatThread Record(ChatThreadEntity row) => new()
    {
        Id = row.Id,
        Platform = row.Platform,
        ChatId = row.ChatId,
        HeadSequence = row.HeadSequence,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };

    /// <summary>Reads <c>{ChatThread.*}</c>.</summary>
    public static ChatThread Read(StoreReader row)
    {
        var columns = row.Table<ChatThreadEntity>();
        return new ChatThread
        {
            Id = row.Id(columns.Ordinal(nameof(ChatThreadEntity.Id))),
            Platform = row.Text(columns.Ordinal(nameof(ChatThreadEntity.Platform))),
            ChatId = row.Text(columns.Ordinal(nameof(ChatThreadEntity.ChatId))),
            HeadSequence = row.Number(columns.Ordinal(nameof(ChatThreadEntity.HeadSequence))),
            CreatedAt = row.Time(columns.Ordinal(nameof(ChatThreadEntity.CreatedAt))),
            UpdatedAt = row.Time(columns.Ordinal(nameof(ChatThreadEntity.UpdatedAt))),
        };
    }
}
