namespace AgentPersistence.Jobs.Hosting;

/// <summary>Why a handler is told to stop.</summary>
internal enum JobStop
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>Somebody has asked to cancel the job.</summary>
    Canceled,

    /// <summary>The lease is lost, or may be by the time that anybody could look.</summary>
    Lost,

    /// <summary>The host stops.</summary>
    HostStops,
}

/// <summary>A job that this process holds, from its claim until it is settled.</summary>
internal sealed class HeldJob(JobClaim claim, long heldSince)
{
    private readonly CancellationTokenSource _stop = new();
    private int _reason;
    private volatile bool _isEnding;
    private long _heldSince = heldSince;

    public JobClaim Claim => claim;

    public string Mode => claim.Job.Mode;

    /// <summary>A time stamp: the lease has lasted no longer than that.</summary>
    public long HeldSince
    {
        get => Volatile.Read(ref _heldSince);
        set => Volatile.Write(ref _heldSince, value);
    }

    /// <summary>Whether its handler has ended: its lease is no longer looked after.</summary>
    public bool IsEnding
    {
        get => _isEnding;
        set => _isEnding = value;
    }

    public JobStop Stop => (JobStop)Volatile.Read(ref _reason);

    /// <summary>Tripped when the handler is to stop. Never disposed: the handler may keep it.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Tells the handler to stop; the first reason counts. False if it has been told before.</summary>
    public bool Trip(JobStop reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)JobStop.None) != (int)JobStop.None)
        {
            return false;
        }

        // The handler's own callbacks run there, and may throw: neither is the worker's business.
        _ = _stop.CancelAsync().ContinueWith(
            cancelled => _ = cancelled.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return true;
    }
}
