using System.Text.Json;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Conversations.Storage;

/// <summary>
/// Appends inside one transaction: locks the threads, finds what is stored already, gives every new message the next number of its
/// thread, and advances the threads.
/// </summary>
internal static class MessageAppends
{
    /// <param name="unit">The transaction.</param>
    /// <param name="appends">What to append; each is told what became of it, and none harms another.</param>
    /// <param name="lockThreads">Locks the threads <c>@threads</c> and reads their heads.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task AppendAsync(
        UnitOfWork unit, IReadOnlyList<MessageAppend> appends, SqlStatement lockThreads, CancellationToken cancellationToken)
    {
        foreach (var append in appends)
        {
            append.Begin(unit.IsRepeat);
        }

        var locked = await unit.Command(lockThreads).Ids("threads", [.. appends.Select(a => a.ThreadId).Distinct()])
            .ReadAllAsync(ThreadHead.Read, cancellationToken).ConfigureAwait(false);
        var heads = locked.ToDictionary(h => h.ThreadId, h => h.Sequence);
        var reached = appends.Where(a => IsReached(a, heads)).ToList();
        var stored = await StoredMessages.FindAsync(unit, reached, cancellationToken).ConfigureAwait(false);
        var rows = new List<ChatMessageEntity>();
        foreach (var append in reached)
        {
            Place(append, heads, stored, rows);
        }

        if (rows.Count > 0)
        {
            await StoreAsync(unit, rows, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the append's thread is there and free; otherwise the append is told.</summary>
    public static bool IsReached(MessageAppend append, Dictionary<Guid, long?> heads)
    {
        var isThere = heads.TryGetValue(append.ThreadId, out var head);
        append.Refusal = isThere ? null : new ChatThreadNotFoundException(append.ThreadId);
        append.IsHeld = isThere && head is null;
        return head is not null;
    }

    private static void Place(
        MessageAppend append, Dictionary<Guid, long?> heads, StoredMessages stored, List<ChatMessageEntity> rows)
    {
        if (append.Rows.FirstOrDefault(stored.HasOtherContent) is { } conflict)
        {
            append.Refusal = new MessageConflictException(append.ThreadId, conflict.PlatformMessageId!);
            return;
        }

        for (var i = 0; i < append.Rows.Count; i++)
        {
            var row = append.Rows[i];
            if (stored.Find(row) is not { } earlier)
            {
                earlier = row;
                row.Sequence = (heads[append.ThreadId] += 1)!.Value;
                stored.Add(row);
                rows.Add(row);
            }

            append.Answer(i, earlier);
        }
    }

    private static async Task StoreAsync(UnitOfWork unit, List<ChatMessageEntity> rows, CancellationToken cancellationToken)
    {
        var heads = rows.GroupBy(r => r.ThreadId, r => r.Sequence).Select(g => new object[] { g.Key, g.Max() });
        await unit.Dialect.InsertManyAsync(unit, MessageRows.Columns, rows, cancellationToken).ConfigureAwait(false);
        await unit.Command(unit.Dialect.AdvanceThreads).Json("heads", JsonSerializer.Serialize(heads))
            .ExecuteAsync(cancellationToken).ConfigureAwait(false);
    }
}
