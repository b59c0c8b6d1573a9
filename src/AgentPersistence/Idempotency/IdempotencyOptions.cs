using System.ComponentModel.DataAnnotations;

namespace AgentPersistence.Idempotency;

/// <summary>Defaults for idempotent operations.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>The default of <see cref="TimeToLive"/>.</summary>
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromHours(24);

    /// <summary>The default of <see cref="Lease"/>.</summary>
    public static readonly TimeSpan DefaultLease = TimeSpan.FromMinutes(1);

    /// <summary>How long an outcome is replayed when <see cref="IdempotencyRequest.TimeToLive"/> does not say.</summary>
    /// <remarks>From 1 millisecond to 36,500 days.</remarks>
    /// <value>24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "36500.00:00:00")]
    public TimeSpan TimeToLive { get; set; } = DefaultTimeToLive;

    /// <summary>How long a claim is held without being renewed when <see cref="IdempotencyRequest.Lease"/> does not say.</summary>
    /// <remarks>
    /// From 1 millisecond to 7 days. A shorter one lets another process take over sooner after a crash; a longer one survives a longer
    /// outage of the database.
    /// </remarks>
    /// <value>1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan Lease { get; set; } = DefaultLease;
}
