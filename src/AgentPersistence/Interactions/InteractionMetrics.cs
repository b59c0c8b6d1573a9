using System.Collections.ObjectModel;

namespace AgentPersistence.Interactions;

/// <summary>
/// Many interactions in the numbers of a dashboard, as they were at one moment. Two are equal when their numbers are, whatever the order
/// of the dictionaries.
/// </summary>
public sealed record InteractionMetrics
{
    /// <summary>All of them.</summary>
    public InteractionCounts Totals { get; init; } = new(0, 0);

    /// <summary>The same for each intent. Interactions without one are only in the totals.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyDictionary<string, InteractionCounts> Intents { get; init; } = ReadOnlyDictionary<string, InteractionCounts>.Empty;

    /// <summary>The same for each category that occurs. Interactions without one are only in the totals.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyDictionary<IntentCategory, InteractionCounts> Categories { get; init; } =
        ReadOnlyDictionary<IntentCategory, InteractionCounts>.Empty;

    /// <summary>How many escalations of these interactions were triggered by what, whenever they were recorded.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyDictionary<string, long> EscalationTriggers { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>How confident the assistant was in the end.</summary>
    public ConfidenceMetrics Confidence { get; init; } = new();

    /// <summary>How long they took.</summary>
    public ProcessingTimeMetrics ProcessingTime { get; init; } = new();

    /// <summary>The periods in which something happened, the earliest first.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyList<InteractionPeriod> Series { get; init; } = [];

    /// <summary>Compares the numbers, those in the dictionaries and the series included.</summary>
    /// <param name="other">The other metrics, or null.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(InteractionMetrics? other) =>
        other is not null
        && (Totals, Confidence, ProcessingTime) == (other.Totals, other.Confidence, other.ProcessingTime)
        && IsSame(Intents, other.Intents)
        && IsSame(Categories, other.Categories)
        && IsSame(EscalationTriggers, other.EscalationTriggers)
        && Series.SequenceEqual(other.Series);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Totals, Confidence, ProcessingTime, Series.Count);

    private static bool IsSame<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> one, IReadOnlyDictionary<TKey, TValue> other)
        where TKey : notnull => one.Count == other.Count && one.All(other.Contains);
}
