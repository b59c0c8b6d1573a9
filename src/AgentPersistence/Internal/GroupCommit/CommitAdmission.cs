namespace AgentPersistence.Internal.GroupCommit;

/// <summary>
/// Back-pressure: callers wait here instead of in memory once so many items or bytes are on their way. They enter in the order in
/// which they came, so that a large item is not passed by small ones for ever.
/// </summary>
internal sealed class CommitAdmission
{
    public const int MaxItems = 16_384;
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _waiters = [];
    private int _items;
    private long _bytes;

    /// <summary>Waits for room. One item alone always has room, however large.</summary>
    public Task EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        Waiter waiter;
        lock (_gate)
        {
            if (_waiters.Count == 0 && HasRoom(bytes))
            {
                Count(bytes);
                return Task.CompletedTask;
            }

            waiter = new Waiter(bytes);
            _waiters.Enqueue(waiter);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    public void Leave(long bytes)
    {
        lock (_gate)
        {
            _items--;
            _bytes -= bytes;
            Admit();
        }
    }

    private async Task WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        await using var cancelled = cancellationToken.UnsafeRegister(GiveUp, waiter).ConfigureAwait(false);
        await waiter.Task.ConfigureAwait(false);
    }

    private void GiveUp(object? waiter, CancellationToken cancellationToken)
    {
        if (((Waiter)waiter!).TrySetCanceled(cancellationToken))
        {
            lock (_gate)
            {
                // It may have stood before somebody who has room.
                Admit();
            }
        }
    }

    private void Admit()
    {
        while (_waiters.TryPeek(out var next) && (next.Task.IsCanceled || HasRoom(next.Bytes)))
        {
            _waiters.Dequeue();
            if (next.TrySetResult())
            {
                Count(next.Bytes);
            }
        }
    }

    private void Count(long bytes)
    {
        _items++;
        _bytes += bytes;
    }

    private bool HasRoom(long bytes) => _items == 0 || (_items < MaxItems && _bytes + bytes <= MaxBytes);

    // Continuations run elsewhere, because they are let in while the gate is held.
    private sealed class Waiter(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes => bytes;
    }
}
