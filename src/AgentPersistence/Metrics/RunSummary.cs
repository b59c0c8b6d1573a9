using System.Collections.ObjectModel;

namespace AgentPersistence.Metrics;

/// <summary>
/// Many runs in a few numbers. Durations are in milliseconds, over the runs that have one, and null where none has; percentiles
/// interpolate between neighbours. Two summaries are equal when their numbers are, whatever the order of the dictionaries.
/// </summary>
public sealed record RunSummary
{
    /// <summary>How many runs there are.</summary>
    public long TotalRuns { get; init; }

    /// <summary>How many of them have an end time.</summary>
    public long FinishedRuns { get; init; }

    /// <summary>The mean duration in milliseconds.</summary>
    public double? MeanDurationMs { get; init; }

    /// <summary>The median duration in milliseconds.</summary>
    public double? P50DurationMs { get; init; }

    /// <summary>The 95th percentile of durations in milliseconds.</summary>
    public double? P95DurationMs { get; init; }

    /// <summary>The 99th percentile of durations in milliseconds.</summary>
    public double? P99DurationMs { get; init; }

    /// <summary>How many runs ended how. Runs without an outcome are not in it.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>
    /// The same summary for each journey, whose own <see cref="Journeys"/> is empty. Runs without a journey name are only in the total.
    /// </summary>
    /// <value>The default is empty.</value>
    public IReadOnlyDictionary<string, RunSummary> Journeys { get; init; } = ReadOnlyDictionary<string, RunSummary>.Empty;

    /// <summary>Compares the numbers, those in the dictionaries included.</summary>
    /// <param name="other">The other summary, or null.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(RunSummary? other) =>
        other is not null
        && Numbers.Equals(other.Numbers)
        && SameEntries(Outcomes, other.Outcomes)
        && SameEntries(Journeys, other.Journeys);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numbers, Outcomes.Count, Journeys.Count);

    private (long, long, double?, double?, double?, double?) Numbers =>
        (TotalRuns, FinishedRuns, MeanDurationMs, P50DurationMs, P95DurationMs, P99DurationMs);

    private static bool SameEntries<T>(IReadOnlyDictionary<string, T> some, IReadOnlyDictionary<string, T> others) =>
        some.Count == others.Count
        && some.All(entry => others.TryGetValue(entry.Key, out var value)
            && EqualityComparer<T>.Default.Equals(entry.Value, value));
}
