namespace AgentPersistence.Internal.GroupCommit;

/// <summary>Back-pressure: callers wait here instead of in memory once so many items or bytes are on their way.</summary>
internal sealed class CommitAdmission
{
    private const int MaxItems = 16_384;
    private const long MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private TaskCompletionSource _left = NewSignal();
    private int _items;
    private long _bytes;
    private bool _someoneWaits;

    /// <summary>Waits for room. One item alone always has room, however large.</summary>
    public async ValueTask EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        while (!TryEnter(bytes, out var left))
        {
            await left.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Leave(int bytes)
    {
        TaskCompletionSource? signal = null;
        lock (_gate)
        {
            _items--;
            _bytes -= bytes;
            if (_someoneWaits)
            {
                _someoneWaits = false;
                signal = _left;
                _left = NewSignal();
            }
        }

        signal?.TrySetResult();
    }

    private bool TryEnter(int bytes, out Task left)
    {
        lock (_gate)
        {
            left = _left.Task;
            if (_items > 0 && IsFull(bytes))
            {
                _someoneWaits = true;
                return false;
            }

            _items++;
            _bytes += bytes;
            return true;
        }
    }

    private bool IsFull(int bytes) => _items >= MaxItems || _bytes + bytes > MaxBytes;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
