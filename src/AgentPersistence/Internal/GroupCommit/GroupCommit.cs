using System.Runtime.CompilerServices;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Gathers what concurrent callers want written and commits it together. There is no timer: a commit takes whatever waits when the
/// previous one ends, so one caller alone pays no delay. Each caller's task completes when its own part is durable. Where commits may
/// run beside each other, each takes its share of what is on its way, so that all have the same to do.
/// </summary>
internal sealed class GroupCommit<TItem> : IAsyncDisposable
{
    /// <summary>Bounds of one commit, so that none holds the others up for long.</summary>
    public const int MaxRows = 1_000;
    public const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>Fewer rows are not worth a commit beside another: it costs more round trips than are gained.</summary>
    public const int LeastRowsBeside = 64;

    private readonly Lock _gate = new();
    private readonly Queue<PendingCommit<TItem>> _pending = [];
    private readonly CommitAdmission _admission = new();
    private readonly Func<IReadOnlyList<TItem>, CancellationToken, Task> _commit;
    private readonly bool _keepsThread;
    private readonly Func<ValueTask<int>> _commitNext;
    private readonly Func<bool> _mayRunBeside;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A list for the next batch, where no commit uses it.</summary>
    private List<PendingCommit<TItem>>? _idleBatch;
    private int _commits;
    private long _rowsWaiting;
    private long _rowsCommitting;
    private long _lastNumber;
    private bool _isDisposed;

    /// <param name="commit">
    /// Writes the items in one commit. It throws when none of them is stored: an <see cref="AgentPersistenceException"/> where the
    /// database cannot be used for now, anything else where an item may be at fault.
    /// </param>
    /// <param name="keepsThread">Whether a commit works on its thread instead of waiting for a server; it never is a caller's then.</param>
    /// <param name="mayRunBeside">Whether another commit may run beside one, for now; null where it never may.</param>
    public GroupCommit(
        Func<IReadOnlyList<TItem>, CancellationToken, Task> commit, bool keepsThread = true, Func<bool>? mayRunBeside = null) =>
        (_commit, _commitNext, _keepsThread, _mayRunBeside) = (commit, CommitNextAsync, keepsThread, mayRunBeside ?? (static () => false));

    /// <summary>Waits until the item is durable. Cancelling withdraws it as long as its commit has not begun.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CommitAsync(TItem item, int rows, long bytes, CancellationToken cancellationToken)
    {
        await _admission.EnterAsync(bytes, cancellationToken).ConfigureAwait(false);
        var pending = new PendingCommit<TItem>(item, rows, bytes);
        try
        {
            if (IsFirst(pending))
            {
                await BeginAsync(pending).ConfigureAwait(false);
            }

            await using var withdrawal = cancellationToken.UnsafeRegister(PendingCommit<TItem>.Withdraw, pending).ConfigureAwait(false);
            await pending.Completion.ConfigureAwait(false);
        }
        finally
        {
            _admission.Leave(bytes);
        }
    }

    /// <summary>Commits everything that waits, and refuses what comes later.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            return _commits > 0 ? new ValueTask(_ended.Task) : ValueTask.CompletedTask;
        }
    }

    /// <summary>Puts it behind what waits, and returns whether nobody is committing, so that the caller has to begin.</summary>
    private bool IsFirst(PendingCommit<TItem> pending)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                throw new ObjectDisposedException(nameof(IAgentDatabase), "The stores are disposed; nothing was stored.");
            }

            pending.Number = ++_lastNumber;
            _pending.Enqueue(pending);
            _rowsWaiting += pending.Rows;
            if (_commits > 0)
            {
                BeginBeside();
                return false;
            }

            _commits = 1;
            return true;
        }
    }

    /// <summary>Begins a commit beside the one that runs, if that has its rows, and enough waits for another.</summary>
    private void BeginBeside()
    {
        if (_commits == 1 && _rowsCommitting > 0 && IsWorthACommitBeside())
        {
            _commits = 2;
            Begin();
        }
    }

    private bool IsWorthACommitBeside() => _rowsWaiting >= LeastRowsBeside && _mayRunBeside();

    private void Begin() => ThreadPool.UnsafeQueueUserWorkItem(static group => _ = group.RunAsync(), this, preferLocal: false);

    /// <summary>A caller alone commits by itself, so that no other thread has to wake up first, and none for its answer.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask BeginAsync(PendingCommit<TItem> first)
    {
        if (!_keepsThread)
        {
            first.CommitsItself = true;
            await NobodysContext.RunAsync(_commitNext).ConfigureAwait(false);
            if (HasEnded())
            {
                return;
            }
        }

        Begin();
    }

    private async Task RunAsync()
    {
        while (!HasEnded())
        {
            if (await CommitNextAsync().ConfigureAwait(false) > 1)
            {
                // Behind the callers just answered: those who come back at once are in the next commit, and not in the one after it.
                await Task.Yield();
            }
        }
    }

    /// <summary>Whether nothing waits any more, or too little for a commit beside another; whoever comes next begins.</summary>
    private bool HasEnded()
    {
        lock (_gate)
        {
            if (_pending.Count > 0 && (_commits == 1 || IsWorthACommitBeside()))
            {
                return false;
            }

            _commits--;
            if (_isDisposed && _commits == 0)
            {
                _ended.SetResult();
            }

            return true;
        }
    }

    /// <summary>Commits what waits, as much as goes into one commit, and returns how many callers that answered.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> CommitNextAsync()
    {
        var batch = Interlocked.Exchange(ref _idleBatch, null) ?? [];
        var (rows, lastWaiting) = TakeBatch(batch);
        var unavailable = await CommitAsync(batch).ConfigureAwait(false);
        lock (_gate)
        {
            _rowsCommitting -= rows;
        }

        if (unavailable is not null)
        {
            FailUntil(lastWaiting, unavailable);
        }

        var answered = batch.Count;
        batch.Clear();
        _idleBatch = batch;
        return answered;
    }

    /// <summary>Takes the next batch, and returns how many rows it has, and the number of the last that waits behind it.</summary>
    private (long Rows, long LastWaiting) TakeBatch(List<PendingCommit<TItem>> batch)
    {
        lock (_gate)
        {
            var (rows, bytes) = (0L, 0L);
            var most = MostRows();
            while (_pending.TryPeek(out var next)
                && (batch.Count == 0 || (rows + next.Rows <= most && bytes + next.Bytes <= MaxBytes)))
            {
                _pending.Dequeue();
                _rowsWaiting -= next.Rows;
                if (next.Begin())
                {
                    batch.Add(next);
                    rows += next.Rows;
                    bytes += next.Bytes;
                }
            }

            _rowsCommitting += rows;
            BeginBeside();
            return (rows, _lastNumber);
        }
    }

    /// <summary>Half of what is on its way, where another commit may have the other half.</summary>
    private long MostRows()
    {
        var half = (_rowsWaiting + _rowsCommitting + 1) / 2;
        return half >= LeastRowsBeside && _mayRunBeside() ? Math.Min(half, MaxRows) : MaxRows;
    }

    /// <summary>Commits the items and tells their callers. Returns why, where the database cannot be used for now.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AgentPersistenceException?> CommitAsync(List<PendingCommit<TItem>> batch)
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
    private void FailUntil(long lastWaiting, AgentPersistenceException unavailable)
    {
        while (TakeUntil(lastWaiting) is { } next)
        {
            if (next.Begin())
            {
                next.Fail(NotTried(unavailable));
            }
        }
    }

    private PendingCommit<TItem>? TakeUntil(long lastWaiting)
    {
        lock (_gate)
        {
            if (!_pending.TryPeek(out var next) || next.Number > lastWaiting)
            {
                return null;
            }

            _rowsWaiting -= next.Rows;
            return _pending.Dequeue();
        }
    }

    private static AgentPersistenceException NotTried(AgentPersistenceException unavailable) =>
        unavailable is WriteInDoubtException ? Failures.NotTried(unavailable) : unavailable;
}
