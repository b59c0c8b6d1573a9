using System.Threading.Channels;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Gathers what concurrent callers want written and commits it together. There is no timer: a commit takes whatever waits when the
/// previous one ends, so one caller alone pays no delay. Each caller's task completes when its own part is durable.
/// </summary>
internal sealed class GroupCommit<TItem> : IAsyncDisposable
{
    /// <summary>Bounds of one commit, so that none holds the others up for long.</summary>
    public const int MaxRows = 1_000;
    public const long MaxBytes = 4 * 1024 * 1024;

    // Unbounded because the admission bounds it; not for a single reader because such a channel cannot be counted.
    private readonly Channel<PendingCommit<TItem>> _pending = Channel.CreateUnbounded<PendingCommit<TItem>>();
    private readonly CommitAdmission _admission = new();
    private readonly Func<IReadOnlyList<TItem>, CancellationToken, Task> _commit;
    private readonly Lazy<Task> _loop;

    /// <param name="commit">
    /// Writes the items in one commit. It throws when none of them is stored: an <see cref="AgentPersistenceException"/> where the
    /// database cannot be used for now, anything else where an item may be at fault.
    /// </param>
    public GroupCommit(Func<IReadOnlyList<TItem>, CancellationToken, Task> commit)
    {
        _commit = commit;
        _loop = new Lazy<Task>(StartLoop);
    }

    /// <summary>Waits until the item is durable. Cancelling withdraws it as long as its commit has not begun.</summary>
    public async Task CommitAsync(TItem item, int rows, long bytes, CancellationToken cancellationToken)
    {
        await _admission.EnterAsync(bytes, cancellationToken).ConfigureAwait(false);
        var pending = new PendingCommit<TItem>(item, rows, bytes);
        try
        {
            // The loop is there before the item, so that disposing waits for it.
            _ = _loop.Value;
            if (!_pending.Writer.TryWrite(pending))
            {
                throw new ObjectDisposedException(nameof(IAgentDatabase), "The stores are disposed; nothing was stored.");
            }

            await using var withdrawal = cancellationToken.UnsafeRegister(pending.Withdraw, null).ConfigureAwait(false);
            await pending.Completion.ConfigureAwait(false);
        }
        finally
        {
            _admission.Leave(bytes);
        }
    }

    /// <summary>Commits everything that waits, and refuses what comes later.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            await _loop.Value.ConfigureAwait(false);
        }
    }

    private Task StartLoop()
    {
        // The loop outlives the call that starts it: it must not run under that caller's context.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow();
        return Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingCommit<TItem>>();
        while (await _pending.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            TakeBatch(batch);
            var behind = _pending.Reader.Count;
            if (await CommitAsync(batch).ConfigureAwait(false) is { } unavailable)
            {
                FailNext(behind, unavailable);
            }

            if (batch.Count > 1)
            {
                // Behind the callers just answered: those who come back at once are in the next commit, and not in the one after it.
                await Task.Yield();
            }

            batch.Clear();
        }
    }

    private void TakeBatch(List<PendingCommit<TItem>> batch)
    {
        var (rows, bytes) = (0L, 0L);
        while (_pending.Reader.TryPeek(out var next) && (batch.Count == 0 || (rows + next.Rows <= MaxRows && bytes + next.Bytes <= MaxBytes)))
        {
            _pending.Reader.TryRead(out _);
            if (next.Begin())
            {
                batch.Add(next);
                rows += next.Rows;
                bytes += next.Bytes;
            }
        }
    }

    /// <summary>Commits the items and tells their callers. Returns why, where the database cannot be used for now.</summary>
    private async Task<AgentPersistenceException?> CommitAsync(List<PendingCommit<TItem>> batch)
    {
        if (batch.Count == 0)
        {
            return null;
        }

        try
        {
            await _commit(batch.ConvertAll(p => p.Item), CancellationToken.None).ConfigureAwait(false);
            batch.ForEach(p => p.Succeed());
            return null;
        }
        catch (AgentPersistenceException unavailable)
        {
            batch.ForEach(p => p.Fail(unavailable));
            return unavailable;
        }
        catch (Exception) when (batch.Count > 1)
        {
            return await CommitHalvesAsync(batch).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            batch[0].Fail(exception);
            return null;
        }
    }

    /// <summary>The fault is in one of the items: halves of halves are committed, until it is alone and harms nobody else.</summary>
    private async Task<AgentPersistenceException?> CommitHalvesAsync(List<PendingCommit<TItem>> batch)
    {
        var (first, second) = (batch[..(batch.Count / 2)], batch[(batch.Count / 2)..]);
        var unavailable = await CommitAsync(first).ConfigureAwait(false);
        if (unavailable is null)
        {
            return await CommitAsync(second).ConfigureAwait(false);
        }

        second.ForEach(p => p.Fail(NotTried(unavailable)));
        return unavailable;
    }

    /// <summary>Whoever waited behind a commit until it was given up is told so too, and not made to wait as long again.</summary>
    private void FailNext(int count, AgentPersistenceException unavailable)
    {
        while (count-- > 0 && _pending.Reader.TryRead(out var next))
        {
            if (next.Begin())
            {
                next.Fail(NotTried(unavailable));
            }
        }
    }

    private static AgentPersistenceException NotTried(AgentPersistenceException unavailable) =>
        unavailable is WriteInDoubtException ? Failures.NotTried(unavailable) : unavailable;
}
