namespace AgentPersistence.Benchmarks.Harness;

/// <summary>What the library's figure is compared by.</summary>
internal enum Quantity
{
    /// <summary>Operations in a second: more is better.</summary>
    Throughput,

    /// <summary>The time of a call, the median of one caller's and the mean of many callers': less is better.</summary>
    Latency,
}

/// <summary>What the library promises: at least so many times another's throughput, or at most so many times its latency.</summary>
internal readonly record struct Target(Quantity Quantity, double Ratio)
{
    public static Target AtLeast(double ratio) => new(Quantity.Throughput, ratio);

    public static Target AtMost(double ratio) => new(Quantity.Latency, ratio);

    public bool IsMetBy(double ratio) => Quantity == Quantity.Throughput ? ratio >= Ratio : ratio <= Ratio;

    public override string ToString() => $"{(Quantity == Quantity.Throughput ? "≥" : "≤")} {Ratio:0.0#}";
}

/// <summary>Something the library is compared with; without a target it is there to be looked at.</summary>
internal sealed record Rival(ICompetitor Competitor, Target? Target = null);

/// <summary>One row of the table: the library at one work with so many callers, beside its rivals.</summary>
internal sealed record Comparison(string Work, int Callers, ICompetitor Library, IReadOnlyList<Rival> Rivals);
