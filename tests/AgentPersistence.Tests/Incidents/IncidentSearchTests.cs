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
        var search = Search(("rare", 0, 3), ("twelve12", 5, 501), ("two", 200, null));

        Assert.Equal(["rare"], search.RareTerms);
        Assert.Equal(["two"], search.CommonWords);
        Assert.Equal("twelve12", search.RarestCommonTerm);
    }

    [Fact]
    public void What_many_of_the_sample_have_is_not_asked_for()
    {
        static IncidentSearch Among(int sampled, string terms, int limit = 5) => Search(
            SampleOf(i => i < sampled ? terms : "one two"), [("one", 300, null), ("two", 400, null), ("three", 500, null)], limit);

        Assert.Equal(["one", "two", "three"], Among(5, "three four two one").CommonWords);
        Assert.Empty(Among(6, "three four two one").CommonWords);
        Assert.Equal(["one", "two", "three"], Among(6, "threefold two one").CommonWords);
        Assert.Null(Among(6, "three two one").RarestCommonTerm);
        Assert.Equal(["one", "two", "three"], Among(20, "three two one", limit: 21).CommonWords);
        Assert.Equal("one", Among(20, "three two one", limit: 301).RarestCommonTerm);
    }

    [Fact]
    public void The_sample_is_ranked_as_well()
    {
        var search = Search(SampleOf(i => i is 3 or 7 ? "rare" : "x"), [("rare", 2, 3)]);

        Assert.Equal([IdOf(9), IdOf(7), IdOf(3)], search.Best([Make(9, "rare", 100), Make(7, "rare", 100)], 10).Select(b => b.Id));
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
        IncidentCandidate[] candidates = [Make(1, "rare", 100), Make(2, "rare", 100), Make(2, "rare", 100), Make(3, "rare", 900), Make(4, "x", 100)];

        Assert.Equal([2, 1, 3], search.Best(candidates, 10).Select(b => (int)candidates.First(c => c.Id == b.Id).Key));
        Assert.Equal(candidates[1].Id, Assert.Single(search.Best(candidates, 1)).Id);
    }

    private static TermSample Sample { get; } = SampleOf(_ => "");

    private static TermSample SampleOf(Func<int, string> terms) =>
        new([.. Enumerable.Range(0, IncidentSearch.Sampled).Select(i => Make(i, terms(i), 100))], 100_000);

    private static IncidentCandidate Make(long key, string terms, long length) => new(key, IdOf(key), terms, length);

    private static Guid IdOf(long key) => new((int)key, 0, 0, new byte[8]);

    private static IncidentSearch Search(params (string Term, long InSample, long? Matches)[] counts) => Search(Sample, counts);

    private static IncidentSearch Search(
        TermSample sample, (string Term, long InSample, long? Matches)[] counts, int limit = 5) => new(
        sample,
        [.. counts.Select(c => new TermCount(new IncidentTerm(c.Term, c.Term.Any(char.IsDigit)), c.InSample, c.Matches, sample))],
        limit);
}
