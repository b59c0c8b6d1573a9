using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Conversations.Storage;

/// <summary>
/// Appends outside transactions: concurrent callers' messages go into one commit, which never waits for a thread. One statement is
/// enough where the database has it and no message is a repetition; otherwise it is one transaction with the threads locked.
/// </summary>
internal sealed class SharedMessageAppender : IMessageAppender, IAsyncDisposable, IDisposable
{
    private readonly StoreExecutor _executor;
    private readonly GroupCommit<MessageAppend> _commits;
    private readonly HeldThreads _held;

    public SharedMessageAppender(StoreExecutor executor)
    {
        _executor = executor;
        _commits = new GroupCommit<MessageAppend>(CommitAsync, executor.Dialect.RunsInProcess);
        _held = new HeldThreads(executor);
    }

    public async Task AppendAsync(MessageAppend append, CancellationToken cancellationToken)
    {
        // Who comes while others wait for the thread waits with them: otherwise they could starve.
        if (!_held.Contains(append.ThreadId))
        {
            await _commits.CommitAsync(append, append.Rows.Count, append.Size, cancellationToken).ConfigureAwait(false);
            if (!append.IsHeld)
            {
                return;
            }
        }

        await _held.AppendAsync(append, cancellationToken).ConfigureAwait(false);
    }

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _commits.DisposeAsync().ConfigureAwait(false);
        await _held.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CommitAsync(IReadOnlyList<MessageAppend> appends, CancellationToken cancellationToken)
    {
        if (await TryAppendAtOnceAsync(appends, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await _executor.TransactAsync(
            async (unit, ct) =>
            {
                await MessageAppends.AppendAsync(unit, appends, unit.Dialect.LockFreeThreads, ct).ConfigureAwait(false);
                return appends;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Appends in one statement; false where nothing was stored because a message is a repetition, or may be one.</summary>
    private async Task<bool> TryAppendAtOnceAsync(IReadOnlyList<MessageAppend> appends, CancellationToken cancellationToken)
    {
        if (!_executor.Dialect.AppendsMessagesAtOnce || appends.Any(a => a.MayBeStored) || !Number(appends))
        {
            return false;
        }

        try
        {
            return await _executor.WriteAsync(
                async (unit, ct) =>
                {
                    foreach (var append in appends)
                    {
                        append.Begin(unit.IsRepeat);
                    }

                    if (unit.IsRepeat)
                    {
                        return false;
                    }

                    var rows = appends.SelectMany(a => a.Rows).ToList();
                    var heads = await unit.Dialect.AppendMessagesAsync(unit, rows, ct).ConfigureAwait(false);
                    return heads is not null && Answer(appends, heads);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (_executor.Dialect.IsDuplicate(exception))
        {
            return false;
        }
    }

    /// <summary>Numbers each thread's rows from 1; false where two of them have one platform id.</summary>
    private static bool Number(IReadOnlyList<MessageAppend> appends)
    {
        var (counts, keys) = (new Dictionary<Guid, long>(), new HashSet<(Guid, string)>());
        foreach (var row in appends.SelectMany(a => a.Rows))
        {
            if (row.PlatformMessageId is { } key && !keys.Add((row.ThreadId, key)))
            {
                return false;
            }

            row.Sequence = counts[row.ThreadId] = counts.GetValueOrDefault(row.ThreadId) + 1;
        }

        return true;
    }

    private static bool Answer(IReadOnlyList<MessageAppend> appends, List<ThreadHead> before)
    {
        var heads = before.ToDictionary(h => h.ThreadId, h => h.Sequence);
        foreach (var append in appends.Where(a => MessageAppends.IsReached(a, heads)))
        {
            for (var i = 0; i < append.Rows.Count; i++)
            {
                append.Rows[i].Sequence += heads[append.ThreadId]!.Value;
                append.Answer(i, append.Rows[i]);
            }
        }

        return true;
    }
}
