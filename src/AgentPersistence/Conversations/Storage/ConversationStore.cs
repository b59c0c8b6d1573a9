using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.Conversations.Storage;

internal sealed class ConversationStore(StoreExecutor executor, IMessageAppender appender) : IConversationStore
{
    private readonly ArtifactStore _artifacts = new(executor);

    public async Task<ChatThread> GetOrCreateThreadAsync(string platform, string chatId, CancellationToken cancellationToken = default)
    {
        var id = executor.Ids.Next();
        while (true)
        {
            // Read first: the thread of a message is nearly always there, and reading locks nothing.
            var thread = await FindThreadAsync(platform, chatId, cancellationToken).ConfigureAwait(false)
                ?? await executor.WriteAsync(
                    (unit, ct) => unit.Command(unit.Dialect.CreateThread)
                        .Id("id", id).Text("platform", platform).Text("chat_id", chatId).ReadFirstAsync(ThreadRows.Read, ct),
                    cancellationToken).ConfigureAwait(false);
            if (thread is not null)
            {
                return thread;
            }
        }
    }

    public Task<ChatThread?> FindThreadAsync(Guid threadId, CancellationToken cancellationToken = default) =>
        FindThreadAsync(threads => threads.Where(t => t.Id == threadId), cancellationToken);

    public Task<ChatThread?> FindThreadAsync(string platform, string chatId, CancellationToken cancellationToken = default)
    {
        var (wantedPlatform, wantedChat) = (Input.Key(platform, nameof(platform)), Input.Key(chatId, nameof(chatId)));
        return FindThreadAsync(threads => threads.Where(t => t.Platform == wantedPlatform && t.ChatId == wantedChat), cancellationToken);
    }

    public async Task<ChatThread> TouchThreadAsync(Guid threadId, CancellationToken cancellationToken = default) =>
        await executor.WriteAsync(
            (unit, ct) => unit.Command(unit.Dialect.TouchThread).Id("id", threadId).ReadFirstAsync(ThreadRows.Read, ct),
            cancellationToken).ConfigureAwait(false)
        ?? throw new ChatThreadNotFoundException(threadId);

    public Task<bool> DeleteThreadAsync(Guid threadId, CancellationToken cancellationToken = default) => executor.WriteAsync(
        async (unit, ct) =>
        {
            var deleted = await unit.Command(unit.Dialect.DeleteThread).Id("id", threadId).ExecuteAsync(ct).ConfigureAwait(false);

            // After a lost answer nobody can know who deleted it; it is gone, as the caller asked.
            return deleted > 0 || unit.IsRepeat;
        },
        cancellationToken);

    public async Task<ChatMessage> AppendAsync(Guid threadId, NewMessage message, CancellationToken cancellationToken = default) =>
        (await AppendAsync(threadId, [MessageRows.Prepare(threadId, message, executor)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<ChatMessage>> AppendAsync(
        Guid threadId, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var rows = messages.Select(m => MessageRows.Prepare(threadId, m, executor)).ToList();
        RequireAgreement(threadId, rows);
        return rows.Count == 0 ? [] : await AppendAsync(threadId, rows, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ChatMessage>> GetRecentMessagesAsync(
        Guid threadId, int limit = 30, CancellationToken cancellationToken = default)
    {
        Input.Limit(limit, Input.MaxPageSize, nameof(limit));
        var newestFirst = await ReadAsync(
            messages => messages.Where(m => m.ThreadId == threadId).OrderByDescending(m => m.Sequence).Take(limit),
            cancellationToken).ConfigureAwait(false);
        newestFirst.Reverse();
        return newestFirst;
    }

    public async Task<IReadOnlyList<ChatMessage>> ReadMessagesAsync(
        Guid threadId, long afterSequence = 0, int limit = 100, CancellationToken cancellationToken = default)
    {
        Input.NotNegative(afterSequence, nameof(afterSequence));
        Input.Limit(limit, Input.MaxPageSize, nameof(limit));
        return await ReadAsync(
            messages => messages.Where(m => m.ThreadId == threadId && m.Sequence > afterSequence).OrderBy(m => m.Sequence).Take(limit),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<ChatMessage?> FindMessageAsync(Guid messageId, CancellationToken cancellationToken = default) =>
        (await ReadAsync(messages => messages.Where(m => m.Id == messageId), cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public async Task<ChatMessage?> FindMessageAsync(
        Guid threadId, string platformMessageId, CancellationToken cancellationToken = default)
    {
        var key = Input.Key(platformMessageId, nameof(platformMessageId));
        var found = await ReadAsync(
            messages => messages.Where(m => m.ThreadId == threadId && m.PlatformMessageId == key), cancellationToken).ConfigureAwait(false);
        return found.FirstOrDefault();
    }

    public Task<MessageArtifact> AddArtifactAsync(Guid messageId, NewArtifact artifact, CancellationToken cancellationToken = default) =>
        _artifacts.AddAsync(messageId, artifact, cancellationToken);

    public Task<IReadOnlyList<MessageArtifact>> GetArtifactsAsync(Guid messageId, CancellationToken cancellationToken = default) =>
        _artifacts.GetAsync(messageId, cancellationToken);

    public Task<MessageArtifact> UpdateArtifactAsync(
        Guid artifactId, ArtifactUpdate update, CancellationToken cancellationToken = default) =>
        _artifacts.UpdateAsync(artifactId, update, cancellationToken);

    private async Task<ChatMessage[]> AppendAsync(Guid threadId, IReadOnlyList<ChatMessageEntity> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var append = new MessageAppend(threadId, rows);
        await appender.AppendAsync(append, cancellationToken).ConfigureAwait(false);
        return append.Refusal is null ? append.Messages : throw append.Refusal;
    }

    private async Task<ChatThread?> FindThreadAsync(
        Func<IQueryable<ChatThreadEntity>, IQueryable<ChatThreadEntity>> narrow, CancellationToken cancellationToken)
    {
        var found = await executor.ReadAsync(
            (unit, ct) => narrow(unit.Context.ChatThreads).FirstOrDefaultAsync(ct), cancellationToken).ConfigureAwait(false);
        return found is null ? null : ThreadRows.Record(found);
    }

    private async Task<List<ChatMessage>> ReadAsync(
        Func<IQueryable<ChatMessageEntity>, IQueryable<ChatMessageEntity>> narrow, CancellationToken cancellationToken)
    {
        var rows = await executor.ReadAsync(
            (unit, ct) => narrow(unit.Context.ChatMessages).ToListAsync(ct), cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => MessageRows.Record(row));
    }

    /// <summary>A platform id given twice must mean one message.</summary>
    private static void RequireAgreement(Guid threadId, List<ChatMessageEntity> rows)
    {
        var given = new StoredMessages();
        foreach (var row in rows)
        {
            if (given.HasOtherContent(row))
            {
                throw new MessageConflictException(threadId, row.PlatformMessageId!);
            }

            given.Add(row);
        }
    }
}
