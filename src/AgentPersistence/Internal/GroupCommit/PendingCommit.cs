namespace AgentPersistence.Internal.GroupCommit;

/// <summary>One caller's item on its way to a commit: withdrawn by the caller, or begun by the loop, whichever comes first.</summary>
internal sealed class PendingCommit<TItem>(TItem item, int rows, long bytes)
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waiting;

    public TItem Item { get; private set; } = item;

    public int Rows => rows;

    public long Bytes => bytes;

    public Task Completion => _completion.Task;

    /// <summary>Whether the item may be committed; it can no longer be withdrawn then.</summary>
    public bool Begin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    public void Withdraw(object? _, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            // It stays in the queue until the loop comes by, but no longer counts: what it holds must not stay.
            Item = default!;
            _completion.TrySetCanceled(cancellationToken);
        }
    }

    public void Succeed() => _completion.TrySetResult();

    public void Fail(Exception exception) => _completion.TrySetException(exception);
}
