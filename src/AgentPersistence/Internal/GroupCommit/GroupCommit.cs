using System.Threading.Channels;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Gathers what concurrent callers want written and commits it together. There is no timer: a commit takes whatever waits when the
/// previous one ends, so one caller alone pays no delay. Each caller's task completes when its own part is durable.
/// </summary>
internal sealed class GroupCommit<TItem> : IAsyncDisposable
{
    /// <summary>Bounds of one commit, so that none holds the others up for long.</summary>
    private const int MaxRows = 1_000;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly Channel<PendingCommit<TItem>> _pending = Channel.CreateUnbounded<PendingCommit<TItem>>(new() { SingleReader = true });
    private readonly CommitAdmission _admission = new();
    private readonly Func<IReadOnlyList<TItem>, CancellationToken, Task> _commit;
    private readonly Lazy<Task> _loop;

    /// <param name="commit">Writes the items in one commit. It throws when none of them is stored.</param>
    public GroupCommit(Func<IReadOnlyList<TItem>, CancellationToken, Task> commit)
    {
        _commit = commit;
        _loop = new Lazy<Task>(StartLoop);
    }

    /// <summary>Waits until the item is durable. Cancelling withdraws it as long as its commit has not begun.</summary>
    public async Task CommitAsync(TItem item, int rows, int bytes, CancellationToken cancellationToken)
    {
        await _admission.EnterAsync(bytes, cancellationToken).ConfigureAwait(false);
        var pending = new PendingCommit<TItem>(item, rows, bytes);
        try
        {
            if (!_pending.Writer.TryWrite(pending))
            {
                throw new ObjectDisposedException(nameof(IAgentDatabase), "The stores are disposed; nothing was stored.");
            }

            _ = _loop.Value;
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
            await CommitAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private void TakeBatch(List<PendingCommit<TItem>> batch)
    {
        var (rows, bytes) = (0, 0L);
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

    private async Task CommitAsync(List<PendingCommit<TItem>> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await _commit(batch.ConvertAll(p => p.Item), CancellationToken.None).ConfigureAwait(false);
            batch.ForEach(p => p.Succeed());
        }
        catch (Exception exception) when (batch.Count > 1 && exception is not AgentPersistenceException)
        {
            // The fault is in one of them: each is committed alone, so that it harms nobody else.
            foreach (var alone in batch)
            {
                await CommitAsync([alone]).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            batch.ForEach(p => p.Fail(exception));
        }
    }
}
