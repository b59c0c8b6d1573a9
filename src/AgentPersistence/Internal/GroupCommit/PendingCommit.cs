namespace AgentPersistence.Internal.GroupCommit;

/// <summary>One caller's item on its way to a commit: withdrawn by the caller, or begun by the loop, whichever comes first.</summary>
internal sealed class PendingCommit<TItem>(TItem item, int rows, long bytes) : IThreadPoolWorkItem
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource _completion = new();
    private int _state = Waiting;
    private Exception? _failure;

    public TItem Item { get; private set; } = item;

    /// <summary>How many came until it did, itself included.</summary>
    public long Number { get; set; }

    public int Rows => rows;

    public long Bytes => bytes;

    public Task Completion => _completion.Task;

    /// <summary>Whether its caller is the one who commits, and has not begun to wait for an answer.</summary>
    public bool CommitsItself { get; set; }

    /// <summary>Whether the item may be committed; it can no longer be withdrawn then.</summary>
    public bool Begin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    /// <summary>What cancelling does to a pending commit.</summary>
    public static void Withdraw(object? pending, CancellationToken cancellationToken) =>
        ((PendingCommit<TItem>)pending!).Withdraw(cancellationToken);

    public void Succeed() => Answer();

    public void Fail(Exception exception)
    {
        _failure = exception;
        Answer();
    }

    void IThreadPoolWorkItem.Execute() => Complete();

    private void Answer()
    {
        if (CommitsItself)
        {
            Complete();
            return;
        }

        // The caller goes on there: behind everything that is queued, and before whatever the loop queues next.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Complete() => _ = _failure is null ? _completion.TrySetResult() : _completion.TrySetException(_failure);

    private void Withdraw(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            // It stays in the queue until the loop comes by, but no longer counts: what it holds must not stay.
            Item = default!;
            Fail(new TaskCanceledException(null, null, cancellationToken));
        }
    }
}
