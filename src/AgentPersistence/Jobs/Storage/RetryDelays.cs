namespace AgentPersistence.Jobs.Storage;

/// <summary>How long a job waits after a failed attempt: twice as long each time, bounded.</summary>
internal static class RetryDelays
{
    private const int MostDoublings = 40;

    /// <param name="attempt">The number of the attempt that has failed, from 1.</param>
    /// <param name="options">The first delay and the longest.</param>
    public static TimeSpan Next(int attempt, JobOptions options)
    {
        var doublings = Math.Clamp(attempt - 1, 0, MostDoublings);
        var seconds = Math.Min(options.RetryDelay.TotalSeconds * Math.Pow(2, doublings), options.LongestRetryDelay.TotalSeconds);

        // Half of it is left to chance, so that jobs that failed together do not come back together.
        return TimeSpan.FromSeconds(seconds * (0.75 + (Random.Shared.NextDouble() / 2))) is var delay && delay < options.LongestRetryDelay
            ? delay
            : options.LongestRetryDelay;
    }
}
