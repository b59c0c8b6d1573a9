namespace AgentPersistence.Internal.Leases;

/// <summary>
/// Polls at growing intervals until a time is over, by the host's clock or by the real one: a test's clock may leap or stand still.
/// </summary>
internal sealed class BoundedWait(TimeSpan length, TimeProvider timeProvider)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly long _started = timeProvider.GetTimestamp();
    private readonly long _reallyStarted = TimeProvider.System.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    public bool IsOver => Left == TimeSpan.Zero;

    public TimeSpan Left
    {
        get
        {
            var left = length - Longer(timeProvider.GetElapsedTime(_started), TimeProvider.System.GetElapsedTime(_reallyStarted));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Pauses, no longer than <paramref name="atMost"/>: when a lease is known to end, nobody waits past that.</summary>
    public async Task PauseAsync(TimeSpan? atMost, CancellationToken cancellationToken)
    {
        // Jitter, so that those who wait for one key do not ask all at once.
        var pause = Shorter(_pause * (0.5 + (Random.Shared.NextDouble() / 2)), Left);
        await Task.Delay(atMost is { } limit ? Shorter(pause, limit + Tick) : pause, cancellationToken).ConfigureAwait(false);
        _pause = Shorter(_pause * 1.5, LongestPause);
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
