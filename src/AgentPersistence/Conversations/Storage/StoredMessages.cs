using System.Text.Json;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Conversations.Storage;

/// <summary>The messages that new ones could repeat: stored ones, and those that are appended in the same commit.</summary>
internal sealed class StoredMessages
{
    private readonly Dictionary<Guid, ChatMessageEntity> _byId = [];
    private readonly Dictionary<(Guid ThreadId, string PlatformMessageId), ChatMessageEntity> _byKey = [];

    /// <summary>
    /// Reads what the rows could repeat: by platform id, and by their own ids where they may be stored already. Their threads are locked
    /// before, so nothing is added meanwhile.
    /// </summary>
    public static async Task<StoredMessages> FindAsync(
        UnitOfWork unit, IReadOnlyList<MessageAppend> appends, CancellationToken cancellationToken)
    {
        var found = new StoredMessages();
        var ids = appends.Where(a => a.MayBeStored).SelectMany(a => a.Rows).Select(r => r.Id).ToList();
        var keys = appends.SelectMany(a => a.Rows).Where(r => r.PlatformMessageId is not null)
            .Select(r => new[] { r.ThreadId.ToString(), r.PlatformMessageId! }).ToList();
        if (ids.Count + keys.Count > 0)
        {
            var stored = await unit.Command(unit.Dialect.FindRepeatedMessages).Ids("ids", ids).Json("keys", JsonSerializer.Serialize(keys))
                .ReadAllAsync(MessageRows.Read, cancellationToken).ConfigureAwait(false);
            stored.ForEach(found.Add);
        }

        return found;
    }

    /// <summary>The row itself, stored before, or the message that has its platform id.</summary>
    public ChatMessageEntity? Find(ChatMessageEntity row) =>
        _byId.GetValueOrDefault(row.Id)
        ?? (row.PlatformMessageId is { } key ? _byKey.GetValueOrDefault((row.ThreadId, key)) : null);

    public bool HasOtherContent(ChatMessageEntity row) =>
        Find(row) is { } stored && !stored.ContentHash.AsSpan().SequenceEqual(row.ContentHash);

    public void Add(ChatMessageEntity row)
    {
        _byId[row.Id] = row;
        if (row.PlatformMessageId is { } key)
        {
            _byKey[(row.ThreadId, key)] = row;
        }
    }
}
