using System.ComponentModel.DataAnnotations;

namespace AgentPersistence.Jobs;

/// <summary>Defaults for jobs.</summary>
public sealed class JobOptions
{
    /// <summary>The default of <see cref="Lease"/>.</summary>
    public static readonly TimeSpan DefaultLease = TimeSpan.FromMinutes(1);

    /// <summary>The default of <see cref="RetryDelay"/>.</summary>
    public static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>The default of <see cref="LongestRetryDelay"/>.</summary>
    public static readonly TimeSpan DefaultLongestRetryDelay = TimeSpan.FromHours(1);

    /// <summary>How long a claim is held without a heartbeat when the claim does not say.</summary>
    /// <remarks>
    /// From 1 millisecond to 7 days. A shorter one lets another worker take over sooner after a crash; a longer one survives a longer
    /// outage of
    /// the database.
    /// </remarks>
    /// <value>1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan Lease { get; set; } = DefaultLease;

    /// <summary>About how long a job waits after its first failed attempt; twice as long after each further one.</summary>
    /// <remarks>
    /// From 1 millisecond to 7 days. Half of it is left to chance, so that jobs that failed together do not come back together.
    /// </remarks>
    /// <value>5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan RetryDelay { get; set; } = DefaultRetryDelay;

    /// <summary>The longest that a job waits after a failed attempt.</summary>
    /// <remarks>From 1 millisecond to 365 days.</remarks>
    /// <value>1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "365.00:00:00")]
    public TimeSpan LongestRetryDelay { get; set; } = DefaultLongestRetryDelay;

    /// <summary>
    /// Whether processes tell each other of new jobs at once, where the database can do that (LISTEN and NOTIFY on PostgreSQL). It is a
    /// hint:
    /// a worker that misses one finds the job at its next poll.
    /// </summary>
    /// <remarks>
    /// A process with workers listens on one connection of the pool, for as long as it runs. Turn it off behind a connection pooler in
    /// transaction mode, where it is of no use.
    /// </remarks>
    /// <value><see langword="true"/>.</value>
    public bool NotifyWorkers { get; set; } = true;
}
