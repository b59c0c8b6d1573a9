using AgentPersistence.Providers;
using Microsoft.Extensions.Logging;

namespace AgentPersistence.Jobs.Hosting;

/// <summary>
/// Tells workers that there is something for them: those of this process at once, those of others by a notice of the database, where there
/// are
/// such. Only hints: workers poll all the same.
/// </summary>
internal sealed class JobSignals(DatabaseConnections connections, AgentPersistenceOptions options, ILoggerFactory loggers)
    : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<JobSubscription> _subscriptions = [];
    private readonly JobNotices _notices = new(connections, loggers.CreateLogger(typeof(JobSignals).FullName!));

    /// <summary>Says that a job of the mode is due.</summary>
    public void Raise(string mode)
    {
        Hear(mode);
        if (options.Jobs.NotifyWorkers)
        {
            _notices.Send(mode);
        }
    }

    /// <summary>Raises the pulse for every job of these modes, until the subscription is disposed.</summary>
    public JobSubscription Subscribe(IReadOnlyList<string> modes, Pulse pulse)
    {
        var subscription = new JobSubscription(modes, pulse, Unsubscribe);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }

        if (options.Jobs.NotifyWorkers)
        {
            _notices.Listen(Hear);
        }

        return subscription;
    }

    // A host that disposes its services with `using` ends what runs here too.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _notices.DisposeAsync();

    /// <param name="mode">A mode, or null for any.</param>
    private void Hear(string? mode)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions.Where(s => mode is null || s.Modes.Contains(mode)))
            {
                subscription.Pulse.Raise();
            }
        }
    }

    private void Unsubscribe(JobSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }
}

/// <summary>A worker that wants to be told.</summary>
internal sealed class JobSubscription(IReadOnlyList<string> modes, Pulse pulse, Action<JobSubscription> end) : IDisposable
{
    public IReadOnlyList<string> Modes => modes;

    public Pulse Pulse => pulse;

    public void Dispose() => end(this);
}
