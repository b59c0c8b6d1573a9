using AgentPersistence.Conversations.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because an append locks its thread, because everybody waits for it, and because a write is one round trip that also
// returns the row.
internal abstract partial class SqlDialect
{
    /// <summary>Creates the thread of a chat, unless there is one; then no row comes back.</summary>
    public SqlStatement CreateThread => field ??= Statement($$"""
        INSERT INTO {ChatThread} (
            {ChatThread.Id}, {ChatThread.Platform}, {ChatThread.ChatId}, {ChatThread.HeadSequence}, {ChatThread.CreatedAt},
            {ChatThread.UpdatedAt})
        SELECT @id, @platform, @chat_id, 0, t.now, t.now
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE true
        ON CONFLICT ({ChatThread.Platform}, {ChatThread.ChatId}) DO NOTHING
        RETURNING {ChatThread.*}
        """);

    public SqlStatement TouchThread => field ??= Statement($$"""
        UPDATE {ChatThread} SET {ChatThread.UpdatedAt} = {{Clock}} WHERE {ChatThread.Id} = @id
        RETURNING {ChatThread.*}
        """);

    public SqlStatement DeleteThread => field ??= Statement("""
        DELETE FROM {ChatThread} WHERE {ChatThread.Id} = @id
        """);

    /// <summary>Locks threads and reads their heads. It waits for whoever holds one.</summary>
    public SqlStatement LockThreads => field ??= Statement($$"""
        SELECT {ChatThread.Id}, {ChatThread.HeadSequence}
        FROM {ChatThread} WHERE {ChatThread.Id} {{AnyOf("@threads")}}
        ORDER BY {ChatThread.Id} {{HeadLock}}
        """);

    /// <summary>Locks those threads that nobody holds, and reads their heads; null for the head of one that is held.</summary>
    public abstract SqlStatement LockFreeThreads { get; }

    /// <summary>Messages that new ones could repeat: by id, and by (thread, platform id).</summary>
    public SqlStatement FindRepeatedMessages => field ??= Statement($$"""
        SELECT {ChatMessage.*} FROM {ChatMessage} WHERE {ChatMessage.Id} {{AnyOf("@ids")}}
        UNION ALL
        SELECT {ChatMessage.*}
        FROM {{Pairs("@keys")}} AS pair
        JOIN {ChatMessage} ON {ChatMessage.ThreadId} = pair.owner AND {ChatMessage.PlatformMessageId} = pair.value
        """);

    public SqlStatement AdvanceThreads => field ??= Statement($$"""
        UPDATE {ChatThread}
        SET {ChatThread.HeadSequence} = CAST(pair.value AS bigint), {ChatThread.UpdatedAt} = {{Clock}}
        FROM {{Pairs("@heads")}} AS pair
        WHERE {ChatThread.Id} = pair.owner
        """);

    /// <summary>Whether <see cref="AppendMessagesAsync"/> works here.</summary>
    public abstract bool AppendsMessagesAtOnce { get; }

    /// <summary>Adds an artifact, if its message is there; no row comes back otherwise. A deletion waits, or comes first.</summary>
    public SqlStatement AddArtifact => field ??= Statement($$"""
        INSERT INTO {MessageArtifact} (
            {MessageArtifact.Id}, {MessageArtifact.MessageId}, {MessageArtifact.Kind}, {MessageArtifact.ContentJson},
            {MessageArtifact.Uri}, {MessageArtifact.CreatedAt}, {MessageArtifact.UpdatedAt}, {MessageArtifact.WriteId})
        SELECT @id, message.{ChatMessage.Id}, @kind, @content, @uri, t.now, t.now, @id
        FROM (SELECT {{Clock}} AS now) AS t
        CROSS JOIN {ChatMessage} AS message
        JOIN {ChatThread} AS thread ON thread.{ChatThread.Id} = message.{ChatMessage.ThreadId}
        WHERE message.{ChatMessage.Id} = @message_id
        {{KeepFromDeletion("thread")}}
        RETURNING {MessageArtifact.*}
        """);

    /// <summary>Sets what is given; the parameters' null keeps what is stored.</summary>
    public SqlStatement UpdateArtifact => field ??= Statement($$"""
        UPDATE {MessageArtifact}
        SET {MessageArtifact.ContentJson} = coalesce(@content, {MessageArtifact.ContentJson}),
            {MessageArtifact.Uri} = coalesce(@uri, {MessageArtifact.Uri}),
            {MessageArtifact.UpdatedAt} = {{Clock}},
            {MessageArtifact.WriteId} = @write_id
        WHERE {MessageArtifact.Id} = @id
        RETURNING {MessageArtifact.*}
        """);

    /// <summary>
    /// Appends in one statement to those threads that nobody holds, and returns what their heads were before; a row's sequence counts
    /// from there. Null where a message is stored already: then nothing was.
    /// </summary>
    public abstract Task<List<ThreadHead>?> AppendMessagesAsync(
        UnitOfWork unit, IReadOnlyList<ChatMessageEntity> rows, CancellationToken cancellationToken);

    /// <summary>Makes the transaction's statements give up soon when they wait for a lock.</summary>
    public abstract Task BoundLockWaitAsync(UnitOfWork unit, CancellationToken cancellationToken);

    /// <summary>Whether a statement gave up waiting for a lock.</summary>
    public abstract bool IsLockTimeout(Exception exception);

    /// <summary>The lock of whoever changes a row next (a thread's head): others wait, and nobody is kept from referring to it.</summary>
    protected abstract string HeadLock { get; }

    /// <summary>The SQL that keeps a table's rows from being deleted until the transaction ends.</summary>
    protected abstract string KeepFromDeletion(string table);

    /// <summary>The rows (owner: an id, value) of a parameter that holds them as a JSON array of pairs.</summary>
    protected abstract string Pairs(string parameter);
}
