using System.Collections.ObjectModel;

namespace AgentPersistence.Tokens;

/// <summary>Sums over entries of the ledger, computed by the database. Two are equal when all their figures are.</summary>
public sealed record TokenTotals
{
    /// <summary>How many entries there are.</summary>
    public long Entries { get; init; }

    /// <summary>How many of them have no cost, so that <see cref="Costs"/> says less than was spent.</summary>
    public long EntriesWithoutCost { get; init; }

    /// <summary>The sum of each bucket.</summary>
    public TokenUsage Usage { get; init; } = new();

    /// <summary>The sum of the costs in each currency, exact.</summary>
    public IReadOnlyDictionary<string, decimal> Costs { get; init; } = ReadOnlyDictionary<string, decimal>.Empty;

    /// <inheritdoc/>
    public bool Equals(TokenTotals? other) => other is not null
        && (Entries, EntriesWithoutCost, Usage) == (other.Entries, other.EntriesWithoutCost, other.Usage)
        && Costs.Count == other.Costs.Count
        && Costs.All(c => other.Costs.TryGetValue(c.Key, out var cost) && cost == c.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Entries, EntriesWithoutCost, Usage, Costs.Count);
}
