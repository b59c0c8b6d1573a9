using System.Text.Json;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Incidents.Storage;

/// <summary>
/// Ranks incidents by the words they share with a signal. The database names some incidents by its full-text index; that they are ranked
/// here makes both databases rank alike, and costs a fraction of what it costs there.
/// </summary>
internal sealed class IncidentFullText(StoreExecutor executor)
{
    public async Task<IReadOnlyList<SimilarIncident>> FindAsync(string signalCluster, int limit, CancellationToken cancellationToken)
    {
        if (await PrepareAsync(signalCluster, limit, cancellationToken).ConfigureAwait(false) is not { } search)
        {
            return [];
        }

        var candidates = await executor.ReadAsync(
            (unit, ct) => Candidates(unit, unit.Dialect.ReadIncidentCandidates, search).ReadAllAsync(IncidentCandidate.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return await RankedIncidents.ReadAsync(executor, search.Best(candidates, limit), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decides what to ask for; null where there is nothing to ask, or nothing to find.</summary>
    internal async Task<IncidentSearch?> PrepareAsync(string signalCluster, int limit, CancellationToken cancellationToken)
    {
        var terms = IncidentTerms.Of(signalCluster).All.Take(IncidentSearch.MostAsked).ToList();
        var incidents = 0L;
        var sampled = terms.Count == 0 ? [] : await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.SampleIncidents).ReadAllAsync(
                row =>
                {
                    incidents = row.Number(IncidentCandidate.Columns);
                    return IncidentCandidate.Read(row);
                },
                ct),
            cancellationToken).ConfigureAwait(false);
        if (sampled.Count == 0)
        {
            return null;
        }

        var sample = new TermSample(sampled, incidents);
        var inSample = sample.Count(terms);
        var matches = await CountAsync(terms.Where(t => !TermSample.IsCommon(inSample[t.Text])), cancellationToken).ConfigureAwait(false);
        var counts = terms.Select(t => new TermCount(
            t, inSample[t.Text], matches.TryGetValue(t.Text, out var counted) ? counted : null, sample));
        return new IncidentSearch(sample, [.. counts], limit);
    }

    /// <summary>The statement that reads what is ranked, or one that explains it.</summary>
    internal static StoreCommand Candidates(UnitOfWork unit, SqlStatement statement, IncidentSearch search) =>
        unit.Command(statement)
            .Text("match", unit.Dialect.MatchTerms(search.RareTerms, search.CommonWords))
            .Text("more", unit.Dialect.MatchTerms(search.RarestCommonTerm is { } common ? [common] : [], []));

    private async Task<Dictionary<string, long>> CountAsync(IEnumerable<IncidentTerm> terms, CancellationToken cancellationToken)
    {
        var asked = JsonSerializer.Serialize(terms.Select(t => t.Text));
        var counts = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.CountIncidentTerms).Json("terms", asked)
                .ReadAllAsync(row => (Term: row.Text(0), Count: row.Number(1)), ct),
            cancellationToken).ConfigureAwait(false);
        return counts.ToDictionary(c => c.Term, c => c.Count, StringComparer.Ordinal);
    }
}
