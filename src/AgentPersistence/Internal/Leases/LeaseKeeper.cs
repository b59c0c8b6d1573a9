namespace AgentPersistence.Internal.Leases;

/// <summary>Holds a claim while its operation runs: renews it every third of its lease, and says when it is lost.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    private readonly Func<CancellationToken, Task> _renew;
    private readonly TimeSpan _lease;
    private readonly long _heldSince;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _gate = new();
    private readonly ITimer _firstRenewal;
    private CancellationTokenSource? _stop;
    private Task? _renewing;
    private bool _isDisposed;

    /// <param name="lease">How long the claim is held from <paramref name="heldSince"/> and from each renewal.</param>
    /// <param name="heldSince">A timestamp of <paramref name="timeProvider"/>.</param>
    /// <param name="renew">Renews the claim, or throws <see cref="LeaseLostException"/>.</param>
    /// <param name="timeProvider">The clock of the lease.</param>
    public LeaseKeeper(TimeSpan lease, long heldSince, Func<CancellationToken, Task> renew, TimeProvider timeProvider)
    {
        (_renew, _lease, _heldSince, _timeProvider) = (renew, lease, heldSince, timeProvider);

        // Without the caller's context, so that an ambient transaction or activity does not last as long as the operation.
        using AsyncFlowControl? suppressed = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        var left = LeftSince(heldSince);
        _firstRenewal = timeProvider.CreateTimer(keeper => ((LeaseKeeper)keeper!).BeginRenewing(), this, left / 3, Timeout.InfiniteTimeSpan);
        if (left == TimeSpan.Zero)
        {
            // The operation is told as it begins.
            _lost.Cancel();
        }
    }

    /// <summary>Cancelled when a renewal is refused, or the lease ends before one was made.</summary>
    public CancellationToken Lost => _lost.Token;

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        await _firstRenewal.DisposeAsync().ConfigureAwait(false);
        if (_renewing is not null)
        {
            await _stop!.CancelAsync().ConfigureAwait(false);
            await _renewing.ConfigureAwait(false);
            _stop.Dispose();
        }

        _lost.Dispose();
    }

    private TimeSpan Pause => _lease / 3 < ShortestPause ? ShortestPause : _lease / 3;

    // Most operations end before: they cost a timer, and neither a task nor the exception that ends its pause.
    private void BeginRenewing()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _stop = new CancellationTokenSource();
                _renewing = Task.Run(() => RenewAsync(_stop.Token));
            }
        }
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        // Apart from the operation's token: what its callbacks throw on a timer's thread would end the process.
        using var end = new CancellationTokenSource(LeftSince(_heldSince), _timeProvider);
        var atEnd = end.Token.UnsafeRegister(static keeper => ((LeaseKeeper)keeper!).CancelOperation(), this);
        await using var ended = atEnd.ConfigureAwait(false);
        var pause = TimeSpan.Zero;
        while (!stop.IsCancellationRequested && !_lost.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, _timeProvider, stop).ConfigureAwait(false);
                pause = Pause;
                var sentAt = _timeProvider.GetTimestamp();
                await _renew(stop).ConfigureAwait(false);
                end.CancelAfter(LeftSince(sentAt));
            }
            catch (LeaseLostException)
            {
                CancelOperation();
            }
            catch (Exception)
            {
                // The next renewal may succeed, until the lease ends; or the end was asked for.
            }
        }
    }

    private void CancelOperation()
    {
        try
        {
            _lost.Cancel();
        }
        catch (AggregateException)
        {
            // A callback of the operation's has thrown. The token is cancelled, and the caller is owed what became of the claim.
        }
    }

    private TimeSpan LeftSince(long timestamp) =>
        _timeProvider.GetElapsedTime(timestamp) is var elapsed && elapsed < _lease ? _lease - elapsed : TimeSpan.Zero;
}
