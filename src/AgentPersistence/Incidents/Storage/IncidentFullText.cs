using System.Text.Json;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Incidents.Storage;

/// <summary>Ranks incidents by the words they share with a signal: the same way on both databases, in two short statements.</summary>
internal sealed class IncidentFullText(StoreExecutor executor)
{
    public async Task<IReadOnlyList<SimilarIncident>> FindAsync(string signalCluster, int limit, CancellationToken cancellationToken)
    {
        var terms = IncidentTerms.Of(signalCluster).All.Take(IncidentSearch.MostAsked).ToList();
        if (terms.Count == 0)
        {
            return [];
        }

        var asked = JsonSerializer.Serialize(terms.Select(t => t.Text));
        var counts = await executor.ReadAsync(
            (unit, ct) => CountTerms(unit, unit.Dialect.CountIncidentTerms, asked).ReadAllAsync(TermCount.Read, ct), cancellationToken).ConfigureAwait(false);
        if (counts[0].Newest == 0)
        {
            return [];
        }

        var search = new IncidentSearch(terms, counts);
        return await executor.ReadAsync(
            (unit, ct) => Rank(unit, unit.Dialect.RankIncidents, search, limit).ReadAllAsync(
                row => new SimilarIncident(IncidentRow.Read(row).Incident, search.Score(row.Number(IncidentRow.Columns))), ct),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first statement, or what explains it.</summary>
    internal static StoreCommand CountTerms(UnitOfWork unit, Internal.Sql.SqlStatement statement, string asked) =>
        unit.Command(statement).Json("terms", asked).Number("newest", IncidentSearch.MostCandidates).Number("enough", IncidentSearch.MostCandidates + 1);

    /// <summary>The second statement, or what explains it.</summary>
    internal static StoreCommand Rank(UnitOfWork unit, Internal.Sql.SqlStatement statement, IncidentSearch search, int limit) =>
        unit.Command(statement)
            .Text("match", unit.Dialect.MatchTerms(search.RareTerms, search.CommonWords))
            .Text("more", unit.Dialect.MatchTerms(search.RarestCommonTerm is { } common ? [common] : [], []))
            .Json("terms", search.Weights).Number("candidates", 2 * IncidentSearch.MostCandidates)
            .Number("newest", IncidentSearch.MostCandidates).Number("base", search.LengthBase).Number("limit", limit);
}
