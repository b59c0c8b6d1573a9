namespace AgentPersistence.Incidents.Storage;

/// <summary>
/// What is asked of the full-text index for one signal, and how what comes is ranked: an incident's score is the sum of its terms'
/// weights, discounted by its length. Which incidents are ranked at all is bounded, or a few common words would rank half the table: those
/// with a rare term, those with all of three common words, some with the rarest common one, the sample, and the ones recorded last. What
/// many of the sample have, and as many as are sought, is not asked for: the answer would be as long as the table.
/// </summary>
internal sealed class IncidentSearch
{
    /// <summary>How many incidents a term may name before it is common, and how many of those recorded last are ranked.</summary>
    public const int MostCandidates = 500;

    /// <summary>How many incidents frequencies are concluded from.</summary>
    public const int Sampled = 500;

    /// <summary>More terms of a signal are not asked for; words come before values.</summary>
    public const int MostAsked = 64;

    private const int WordsTogether = 3;
    private const double LengthShare = 0.4;

    private readonly TermSample _sample;
    private readonly Dictionary<string, double> _weights;
    private readonly double _totalWeight;

    /// <param name="sample">Some incidents of the whole table.</param>
    /// <param name="counts">The signal's terms.</param>
    /// <param name="limit">How many incidents are sought.</param>
    public IncidentSearch(TermSample sample, IReadOnlyCollection<TermCount> counts, int limit)
    {
        _sample = sample;
        _weights = counts.ToDictionary(c => c.Term.Text, c => c.Weight, StringComparer.Ordinal);
        _totalWeight = counts.Sum(c => c.Weight);

        var rarestFirst = counts.Where(c => c.Frequency > 0)
            .OrderBy(c => c.Frequency).ThenBy(c => c.Term.Text, StringComparer.Ordinal).ToList();
        var candidates = 0d;
        foreach (var rare in rarestFirst.Where(c => !c.IsCommon).TakeWhile(_ => candidates < MostCandidates))
        {
            RareTerms.Add(rare.Term.Text);
            candidates += rare.Frequency;
        }

        var common = rarestFirst.Where(c => c.IsCommon).ToList();
        List<string> together = [.. common.Where(c => !c.Term.IsValue).Take(WordsTogether).Select(c => c.Term.Text)];
        bool IsInSample(long count) => TermSample.IsCommon(count) && count >= limit;
        CommonWords.AddRange(IsInSample(sample.CountTogether(together)) ? [] : together);
        RarestCommonTerm = candidates < MostCandidates && common is [var rarest, ..] && !IsInSample(rarest.InSample) ? rarest.Term.Text : null;
    }

    /// <summary>Each of these alone names incidents.</summary>
    public List<string> RareTerms { get; } = [];

    /// <summary>All of these together name incidents.</summary>
    public List<string> CommonWords { get; } = [];

    /// <summary>Names some incidents more, where the rare terms name few.</summary>
    public string? RarestCommonTerm { get; }

    /// <summary>The best of the candidates and of the sample, of equal ones the one recorded last.</summary>
    public List<(Guid Id, double Score)> Best(IEnumerable<IncidentCandidate> candidates, int limit) =>
    [
        .. candidates.Concat(_sample.Candidates).DistinctBy(c => c.Key).Select(c => (c.Id, Score: Score(c), c.Key)).Where(c => c.Score > 0)
            .OrderByDescending(c => c.Score).ThenByDescending(c => c.Key).Take(limit).Select(c => (c.Id, c.Score)),
    ];

    /// <summary>The share of the signal's weight that an incident has; exactly that for an incident of mean length.</summary>
    public double Score(IncidentCandidate candidate)
    {
        var weights = _weights.GetAlternateLookup<ReadOnlySpan<char>>();
        var text = candidate.Terms.AsSpan();
        var sum = 0d;
        foreach (var term in text.Split(' '))
        {
            sum += weights.TryGetValue(text[term], out var weight) ? weight : 0;
        }

        return sum / _totalWeight / (1 - LengthShare + (LengthShare * candidate.Length / _sample.MeanLength));
    }
}
