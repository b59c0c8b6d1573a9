namespace AgentPersistence.Interactions;

/// <summary>
/// How long interactions took, over those that say so. Times are in milliseconds and null where none says so; percentiles interpolate
/// between neighbours.
/// </summary>
public sealed record ProcessingTimeMetrics
{
    /// <summary>How many interactions have a processing time.</summary>
    public long Count { get; init; }

    /// <summary>The mean.</summary>
    public double? MeanMs { get; init; }

    /// <summary>The median.</summary>
    public double? P50Ms { get; init; }

    /// <summary>The 95th percentile.</summary>
    public double? P95Ms { get; init; }
}
