using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Approvals.Storage;

/// <summary>
/// Who waits for decisions in this process. A decision of its own is signalled at once; for all others one statement asks about every
/// approval that is waited for, at growing intervals, and nothing asks while nobody waits.
/// </summary>
internal sealed class ApprovalWatch(StoreExecutor executor) : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Waiters> _waited = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _polling = Task.CompletedTask;
    private bool _isPolling;
    private bool _isDisposed;

    /// <summary>Begins to wait; disposing the result ends it. Whoever reads the approval afterwards misses no decision.</summary>
    public Waiter Watch(Guid approvalId)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(IApprovalStore));
            if (!_waited.TryGetValue(approvalId, out var waiters))
            {
                _waited.Add(approvalId, waiters = new Waiters());
            }

            waiters.Count++;
            if (!_isPolling)
            {
                _isPolling = true;
                _polling = StartPolling();
            }

            return new Waiter(this, approvalId, waiters);
        }
    }

    /// <summary>Wakes who waits for approvals that are decided, durably.</summary>
    public void Signal(IEnumerable<Guid> approvals)
    {
        foreach (var waiters in Take(approvals))
        {
            waiters.Decided.TrySetResult();
        }
    }

    // A host that disposes its services with `using` waits for what is on its way.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _polling.ConfigureAwait(false);
        Fail(Waited(), new ObjectDisposedException(nameof(IApprovalStore), "The stores are disposed; the approval is as it was."));
    }

    private Task StartPolling()
    {
        // It outlives the call that starts it: it must not run under that caller's context.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow();
        return Task.Run(PollAsync);
    }

    private async Task PollAsync()
    {
        for (var pause = ShortestPause; await PauseAsync(pause).ConfigureAwait(false); pause = Next(pause))
        {
            var approvals = Waited();
            try
            {
                Signal(await executor.ReadAsync(
                    (unit, ct) => unit.Command(unit.Dialect.FindDecidedApprovals).Ids("ids", approvals).ReadAllAsync(row => row.Id(0), ct),
                    _stop.Token).ConfigureAwait(false));
            }
            catch (Exception exception)
            {
                // They are told, and may wait again; at the end whoever disposes tells them.
                if (!_stop.IsCancellationRequested)
                {
                    Fail(approvals, exception);
                }
            }
        }
    }

    /// <summary>Pauses before the next question; false where there is none to ask.</summary>
    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        // Jitter, so that processes which started together do not ask together.
        await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), _stop.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            return _isPolling = _waited.Count > 0 && !_isDisposed;
        }
    }

    private static TimeSpan Next(TimeSpan pause) => pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;

    private Guid[] Waited()
    {
        lock (_gate)
        {
            return [.. _waited.Keys];
        }
    }

    private void Fail(IEnumerable<Guid> approvals, Exception exception)
    {
        foreach (var waiters in Take(approvals))
        {
            waiters.Decided.TrySetException(exception);

            // Observed: who waited may have gone.
            _ = waiters.Decided.Task.Exception;
        }
    }

    private List<Waiters> Take(IEnumerable<Guid> approvals)
    {
        var taken = new List<Waiters>();
        lock (_gate)
        {
            foreach (var approval in approvals)
            {
                if (_waited.Remove(approval, out var waiters))
                {
                    taken.Add(waiters);
                }
            }
        }

        return taken;
    }

    private void Leave(Guid approvalId, Waiters waiters)
    {
        lock (_gate)
        {
            if (--waiters.Count == 0 && _waited.GetValueOrDefault(approvalId) == waiters)
            {
                _waited.Remove(approvalId);
            }
        }
    }

    /// <summary>One caller that waits.</summary>
    internal readonly struct Waiter(ApprovalWatch watch, Guid approvalId, Waiters waiters) : IDisposable
    {
        public Task Decided => waiters.Decided.Task;

        public void Dispose() => watch.Leave(approvalId, waiters);
    }

    /// <summary>All who wait for one approval.</summary>
    internal sealed class Waiters
    {
        // Its continuations are the callers' code.
        public TaskCompletionSource Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; set; }
    }
}
