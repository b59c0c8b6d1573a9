namespace AgentPersistence.Metrics;

/// <summary>Which runs to read or sum up. Every member that is set must match; names match exactly, by bytes.</summary>
public sealed record RunQuery
{
    /// <summary>Only this kind of run; null for any. At most 255 characters.</summary>
    public string? JourneyName { get; init; }

    /// <summary>Only this outcome; null for any. At most 255 characters.</summary>
    public string? FinalOutcome { get; init; }

    /// <summary>Only runs that began at or after this time; null for no bound.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only runs that began before this time; null for no bound.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// The last run of the page before, as it was read: its start time and run id are where the next page goes on. Null starts at the
    /// beginning.
    /// </summary>
    public RunMetrics? After { get; init; }

    /// <summary>How many runs to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
