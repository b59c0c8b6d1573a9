using System.Text.Json;

namespace AgentPersistence.Incidents.Storage;

/// <summary>
/// What is asked of the full-text index for one signal. An incident's rank is the sum of its terms' weights, discounted by its length;
/// which incidents are ranked at all is bounded, or a few common words would rank half the table: those with a rare term, those with all of
/// three common words, some with the rarest common one, and the ones recorded last.
/// </summary>
internal sealed class IncidentSearch
{
    /// <summary>How many incidents the index may name for each of the two conditions, and how many of those recorded last are ranked.</summary>
    public const int MostCandidates = 500;

    /// <summary>More terms of a signal are not asked for; words come before values.</summary>
    public const int MostAsked = 64;

    private const int WordsTogether = 3;

    private readonly long _meanLength;
    private readonly double _totalWeight;

    public IncidentSearch(IEnumerable<IncidentTerm> terms, IReadOnlyList<TermCount> counts)
    {
        _meanLength = Math.Max(1, counts[0].MeanLength);
        var values = terms.Where(t => t.IsValue).Select(t => t.Text).ToHashSet(StringComparer.Ordinal);
        var weights = counts.ToDictionary(c => c.Term, c => c.Weight(values.Contains(c.Term)), StringComparer.Ordinal);
        _totalWeight = weights.Values.Sum();
        Weights = JsonSerializer.Serialize(weights.Select(w => new object[] { w.Key, w.Value }));

        var rarestFirst = counts.Where(c => c.Frequency > 0).OrderBy(c => c.Frequency).ThenBy(c => c.Term, StringComparer.Ordinal).ToList();
        var candidates = 0d;
        foreach (var rare in rarestFirst.Where(c => !c.IsCommon).TakeWhile(_ => candidates < MostCandidates))
        {
            RareTerms.Add(rare.Term);
            candidates += rare.Frequency;
        }

        var common = rarestFirst.Where(c => c.IsCommon).Select(c => c.Term).ToList();
        CommonWords.AddRange(common.Where(c => !values.Contains(c)).Take(WordsTogether));
        RarestCommonTerm = candidates < MostCandidates ? common.FirstOrDefault() : null;
    }

    /// <summary>Each of these alone names incidents.</summary>
    public List<string> RareTerms { get; } = [];

    /// <summary>All of these together name incidents.</summary>
    public List<string> CommonWords { get; } = [];

    /// <summary>Names some incidents more, where the rare terms name few.</summary>
    public string? RarestCommonTerm { get; }

    /// <summary>The terms with their weights, as a JSON array of pairs.</summary>
    public string Weights { get; }

    /// <summary>
    /// What the length of an incident is added to twice before its weight is divided by that: three fifths are the same for all, two
    /// fifths are as its length to the mean.
    /// </summary>
    public long LengthBase => 3 * _meanLength;

    /// <summary>The rank as a share: 1 for an incident of mean length that has all terms.</summary>
    public double Score(long rank) => rank * 5d * _meanLength / (_totalWeight * Scale);

    /// <summary>What the database multiplies by before it divides whole numbers.</summary>
    public const long Scale = 1_000_000;
}
