using AgentPersistence.Incidents.Storage;

namespace AgentPersistence.Tests.Incidents;

/// <summary>Which incidents a search looks at.</summary>
public sealed class IncidentSearchTests
{
    [Fact]
    public void Rare_terms_name_incidents_until_that_is_enough_and_common_words_only_together()
    {
        var search = Search(
            ("rare", 0, 3), ("often", 4, 499), ("oftener", 5, 500),
            ("one", 100, null), ("two", 200, null), ("three", 300, null), ("four", 400, null));

        Assert.Equal(["rare", "often"], search.RareTerms);
        Assert.Equal(["one", "two", "three"], search.CommonWords);
        Assert.Null(search.RarestCommonTerm);
    }

    [Fact]
    public void Where_rare_terms_name_few_the_rarest_common_one_names_more()
    {
        var search = Search(("rare", 0, 3), ("twelve12", 50, null), ("two", 200, null));

        Assert.Equal(["rare"], search.RareTerms);
        Assert.Equal(["two"], search.CommonWords);
        Assert.Equal("twelve12", search.RarestCommonTerm);
    }

    [Fact]
    public void A_term_that_no_incident_has_names_none_and_yet_weighs_in_the_score()
    {
        var search = Search(("nowhere", 0, 0), ("rare", 0, 1));

        Assert.Equal(["rare"], search.RareTerms);
        Assert.InRange(search.Score(new IncidentCandidate(1, Guid.Empty, "x rare y", 100)), 0.1, 0.9);
        Assert.Equal(0, search.Score(new IncidentCandidate(1, Guid.Empty, "x y", 100)));
        Assert.Equal(1, search.Score(new IncidentCandidate(1, Guid.Empty, "rare nowhere", 100)), 1e-9);
    }

    [Fact]
    public void What_is_rarer_weighs_more_and_a_value_a_fifth_of_a_word()
    {
        static double Weight(long inSample, long? matches, bool isValue = false) =>
            new TermCount(new IncidentTerm("t", isValue), inSample, matches, Sample).Weight;
        double[] falling = [Weight(0, 0), Weight(0, 1), Weight(0, 100), Weight(3, 501), Weight(100, null), Weight(400, null), Weight(500, null)];

        Assert.Equal(falling.OrderDescending(), falling);
        Assert.Equal(falling.Length, falling.Distinct().Count());
        Assert.All(falling, w => Assert.True(w > 0));
        Assert.Equal(5, Weight(0, 1) / Weight(0, 1, isValue: true), 1e-9);
    }

    [Fact]
    public void The_best_are_told_once_the_last_recorded_first_among_equals()
    {
        var search = Search(("rare", 0, 3));
        IncidentCandidate Make(long key, string terms, long length) => new(key, new Guid((int)key, 0, 0, new byte[8]), terms, length);
        IncidentCandidate[] candidates = [Make(1, "rare", 100), Make(2, "rare", 100), Make(2, "rare", 100), Make(3, "rare", 900), Make(4, "x", 100)];

        Assert.Equal([2, 1, 3], search.Best(candidates, 10).Select(b => (int)candidates.First(c => c.Id == b.Id).Key));
        Assert.Equal(candidates[1].Id, Assert.Single(search.Best(candidates, 1)).Id);
    }

    private static TermSample Sample { get; } =
        new([.. Enumerable.Range(0, IncidentSearch.Sampled).Select(i => new IncidentCandidate(i, Guid.Empty, "", 100))], 100_000);

    private static IncidentSearch Search(params (string Term, long InSample, long? Matches)[] counts) => new(
        Sample, [.. counts.Select(c => new TermCount(new IncidentTerm(c.Term, c.Term.Any(char.IsDigit)), c.InSample, c.Matches, Sample))]);
}
