namespace AgentPersistence.Incidents.Storage;

/// <summary>Some incidents of the whole table, from which it is concluded how frequent common terms are. They are ranked like others.</summary>
/// <param name="candidates">The incidents.</param>
/// <param name="incidents">About how many there are in all.</param>
internal sealed class TermSample(IReadOnlyList<IncidentCandidate> candidates, long incidents)
{
    public IReadOnlyList<IncidentCandidate> Candidates => candidates;

    public long Incidents => incidents;

    public int Size => candidates.Count;

    /// <summary>The mean <see cref="IncidentTerms.Length"/>; at least 1.</summary>
    public double MeanLength { get; } = Math.Max(1, candidates.Select(c => c.Length).DefaultIfEmpty().Average());

    /// <summary>Whether a term that so many incidents of the sample have is too common to be counted out in all.</summary>
    public static bool IsCommon(long inSample) => inSample * 100 > IncidentSearch.Sampled;

    /// <summary>How many incidents of the sample have all of these terms.</summary>
    public int CountTogether(IReadOnlyCollection<string> terms) => candidates.Count(c => HasAll(c, terms));

    /// <summary>How many incidents of the sample have each term.</summary>
    public Dictionary<string, long> Count(IEnumerable<IncidentTerm> terms)
    {
        var counts = terms.ToDictionary(t => t.Text, _ => 0L, StringComparer.Ordinal);
        var found = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var candidate in candidates)
        {
            var text = candidate.Terms.AsSpan();
            foreach (var term in text.Split(' '))
            {
                if (found.TryGetValue(text[term], out var known, out var count))
                {
                    counts[known] = count + 1;
                }
            }
        }

        return counts;
    }

    private static bool HasAll(IncidentCandidate candidate, IReadOnlyCollection<string> terms)
    {
        var text = candidate.Terms.AsSpan();
        var found = 0;
        foreach (var term in text.Split(' '))
        {
            foreach (var sought in terms)
            {
                found += text[term].SequenceEqual(sought) ? 1 : 0;
            }
        }

        return found == terms.Count;
    }
}
