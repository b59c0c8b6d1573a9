namespace AgentPersistence.Jobs.Hosting;

/// <summary>
/// Wakes one waiter. Whoever waits resets it first, then looks whether there is anything to do, then waits: so what happens in between is
/// not
/// missed.
/// </summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = New();

    public void Raise() => Volatile.Read(ref _next).TrySetResult();

    public void Reset()
    {
        if (Volatile.Read(ref _next).Task.IsCompleted)
        {
            Interlocked.Exchange(ref _next, New());
        }
    }

    /// <summary>Returns when it is raised, the time is over, or the wait is cancelled; it throws for none of them.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        await Volatile.Read(ref _next).Task.WaitAsync(atMost, timeProvider, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
