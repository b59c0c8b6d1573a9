using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Incidents.Storage;

/// <summary>How frequent a term is, as far as a search needs to know.</summary>
/// <param name="Term">The term.</param>
/// <param name="Recent">How many of the incidents recorded last have it.</param>
/// <param name="Matches">How many of all have it, counted until that is enough; null where it is frequent among the last.</param>
/// <param name="Newest">How many of the incidents recorded last were looked at.</param>
/// <param name="MeanLength">Their mean <see cref="IncidentTerms.Length"/>.</param>
/// <param name="Incidents">About how many incidents there are.</param>
internal sealed record TermCount(string Term, long Recent, long? Matches, long Newest, long MeanLength, long Incidents)
{
    /// <summary>Whether more incidents have it than a search looks at.</summary>
    public bool IsCommon => Matches is null or > IncidentSearch.MostCandidates;

    /// <summary>How many incidents have it: counted, or where that would take long, concluded from the last.</summary>
    public double Frequency => Matches is { } counted && !IsCommon ? counted : Math.Max(Matches ?? 0, (double)Recent * Incidents / Newest);

    /// <summary>
    /// What the term says, in thousandths, so that sums are exact on both databases: the logarithm of its rarity (BM25's), and of that a
    /// tenth for a value, because most numbers in a log line are ids and times.
    /// </summary>
    public long Weight(bool isValue)
    {
        var all = Math.Max(Incidents, Frequency);
        var rarity = Math.Log(1 + ((all - Frequency + 0.5) / (Frequency + 0.5)));
        return Math.Max(1, (long)(rarity * (isValue ? 100 : 1_000)));
    }

    public static TermCount Read(StoreReader row) =>
        new(row.Text(0), row.Number(1), row.NumberOrNull(2), row.Number(3), row.NumberOrNull(4) ?? 0, row.NumberOrNull(5) ?? 0);
}
