namespace AgentPersistence.Incidents.Storage;

/// <summary>How frequent a term is, as far as a search needs to know.</summary>
/// <param name="Term">The term.</param>
/// <param name="InSample">How many incidents of the sample have it.</param>
/// <param name="Matches">How many of all have it, counted until that is enough; null where it is frequent in the sample.</param>
/// <param name="Sample">The sample.</param>
internal sealed record TermCount(IncidentTerm Term, long InSample, long? Matches, TermSample Sample)
{
    /// <summary>Whether more incidents have it than a search looks at.</summary>
    public bool IsCommon => Matches is null or > IncidentSearch.MostCandidates;

    /// <summary>How many incidents have it: counted, or where that would take long, concluded from the sample.</summary>
    public double Frequency => Matches is { } counted && !IsCommon
        ? counted
        : Math.Max(Matches ?? 0, (double)InSample * Sample.Incidents / Sample.Size);

    /// <summary>
    /// What the term says: the logarithm of its rarity (BM25's), and of that a fifth for a value, because most numbers in a log line are
    /// ids and times.
    /// </summary>
    public double Weight
    {
        get
        {
            var all = Math.Max(Sample.Incidents, Frequency);
            var rarity = Math.Log(1 + ((all - Frequency + 0.5) / (Frequency + 0.5)));
            return Term.IsValue ? rarity / 5 : rarity;
        }
    }
}
