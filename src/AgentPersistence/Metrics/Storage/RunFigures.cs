using System.Collections.ObjectModel;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Metrics.Storage;

/// <summary>A row of the summary: the figures of all runs or of one journey, or, with an outcome, how many of them ended so.</summary>
internal sealed record RunFigures(bool IsTotal, string Scope, string? Outcome, RunSummary Summary)
{
    public static RunFigures Read(StoreReader row) => new(
        row.Flag(0),
        row.Text(1),
        row.TextOrNull(2),
        new RunSummary
        {
            TotalRuns = row.Number(3),
            FinishedRuns = row.Number(4),
            MeanDurationMs = row.RealOrNull(5),
            P50DurationMs = row.RealOrNull(6),
            P95DurationMs = row.RealOrNull(7),
            P99DurationMs = row.RealOrNull(8),
        });

    public static RunSummary Summarize(IReadOnlyList<RunFigures> rows)
    {
        var outcomes = rows.Where(r => r.Outcome is not null).ToLookup(r => (r.IsTotal, r.Scope));
        var scopes = rows.Where(r => r.Outcome is null)
            .Select(r => r with { Summary = r.Summary with { Outcomes = Counts(outcomes[(r.IsTotal, r.Scope)]) } })
            .ToLookup(r => r.IsTotal);

        // No row at all where no run matches.
        var total = scopes[true].SingleOrDefault()?.Summary ?? new RunSummary();
        return total with { Journeys = scopes[false].ToDictionary(r => r.Scope, r => r.Summary).AsReadOnly() };
    }

    private static ReadOnlyDictionary<string, long> Counts(IEnumerable<RunFigures> rows) =>
        rows.ToDictionary(r => r.Outcome!, r => r.Summary.TotalRuns).AsReadOnly();
}
