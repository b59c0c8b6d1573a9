using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;
using AgentPersistence.Conversations.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.ConformanceTests.GroupCommit;

/// <summary>What the suites of the shared append have in common. The rows are messages, which have all that a row can have: a key and a parent.</summary>
public abstract class RowTests(TestDatabases databases) : DatabaseTests(databases)
{
    private static readonly BulkInsert<ChatMessageEntity> Columns = new(typeof(ChatMessageEntity), MessageRows.Columns.Columns)
    {
        Key = [nameof(ChatMessageEntity.ThreadId), nameof(ChatMessageEntity.PlatformMessageId)],
        Parent = new BulkParent(nameof(ChatMessageEntity.ThreadId), typeof(ChatThreadEntity)),
    };

    private static readonly AppendTable<ChatMessageEntity> Messages = new()
    {
        Insert = Columns,
        Id = m => m.Id,
        Size = MessageRows.Size,
        Read = MessageRows.Read,
        Key = m => m.PlatformMessageId is { } id ? $"{m.ThreadId}\n{id}" : null,
        Conflict = (given, stored) => given.Text == stored.Text ? null : new MessageConflictException(given.ThreadId, given.PlatformMessageId!),
        ParentMissing = m => new ChatThreadNotFoundException(m.ThreadId),
    };

    private static long _sequence;

    private protected SharedRowAppender<ChatMessageEntity> Rows { get; private set; } = null!;

    private protected Guid Thread { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Rows = Appender(Agent);
        Thread = await NewThreadAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Rows.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static SharedRowAppender<ChatMessageEntity> Appender(Agent agent) => new(agent.Get<OwnConnectionExecutor>(), Messages);

    private protected static TransactionRowAppender<ChatMessageEntity> Appender(StoreExecutor executor) => new(executor, Messages);

    /// <summary>The same table, telling when a row is about to be sent, and when it is looked up why one was not stored.</summary>
    private protected static AppendTable<ChatMessageEntity> Watched(Action<ChatMessageEntity> onSent, Action<ChatMessageEntity> onLookedUp)
    {
        object? Send(BulkColumn<ChatMessageEntity> column, ChatMessageEntity row)
        {
            onSent(row);
            return column.Value(row);
        }

        Guid LookUp(ChatMessageEntity row)
        {
            onLookedUp(row);
            return row.Id;
        }

        return new()
        {
            Insert = new(typeof(ChatMessageEntity), [.. Columns.Columns.Select(c => c with { Value = row => Send(c, row) })])
            {
                Key = Columns.Key, Parent = Columns.Parent,
            },
            Id = LookUp,
            Size = Messages.Size,
            Read = Messages.Read,
            Key = Messages.Key,
            Conflict = Messages.Conflict,
            ParentMissing = Messages.ParentMissing,
        };
    }

    private protected async Task<Guid> NewThreadAsync() =>
        (await Agent.Conversations.GetOrCreateThreadAsync("test", NewId("chat"), Cancellation)).Id;

    private protected ChatMessageEntity Row(string text, string? key = null, Guid? thread = null) => new()
    {
        Id = Guid.CreateVersion7(),
        ThreadId = thread ?? Thread,
        Sequence = Interlocked.Increment(ref _sequence),
        Role = "user",
        Text = text,
        PlatformMessageId = key,
        ContentHash = [],
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Appends the rows as one caller's, and returns it with what became of it.</summary>
    private protected static async Task<RowAppend<ChatMessageEntity>> AppendAsync(
        IRowAppender<ChatMessageEntity> rows, params ChatMessageEntity[] given)
    {
        var append = new RowAppend<ChatMessageEntity>(given);
        await rows.AppendAsync(append, Cancellation);
        return append;
    }

    private protected async Task<List<string>> TextsAsync(Guid? thread = null) => (await Agent.Conversations.GetRecentMessagesAsync(
        thread ?? Thread, 10_000, Cancellation)).Select(m => m.Text!).Order(StringComparer.Ordinal).ToList();
}
