namespace AgentPersistence.Interactions;

/// <summary>How confident the assistant was, over the interactions that have a score.</summary>
public sealed record ConfidenceMetrics
{
    /// <summary>How many interactions have a score.</summary>
    public long Count { get; init; }

    /// <summary>The mean score, 0 to 1; null where none has one.</summary>
    public double? Mean { get; init; }

    /// <summary>
    /// How the scores are distributed, in ten buckets: the first holds those from 0 up to but not including 0.1, the last those from 0.9
    /// to 1.
    /// </summary>
    /// <value>The default is ten zeros.</value>
    public IReadOnlyList<long> Distribution { get; init; } = new long[10];

    /// <summary>Compares the numbers, those in the distribution included.</summary>
    /// <param name="other">The other metrics, or null.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Equals(ConfidenceMetrics? other) =>
        other is not null && (Count, Mean) == (other.Count, other.Mean) && Distribution.SequenceEqual(other.Distribution);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Count, Mean);
}
