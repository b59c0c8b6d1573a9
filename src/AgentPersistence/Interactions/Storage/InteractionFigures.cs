using System.Collections.ObjectModel;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Interactions.Storage;

/// <summary>A row of the metrics: which figure it is, of what, and up to three numbers.</summary>
internal sealed record InteractionFigure(string Kind, string? Name, DateTimeOffset? Start, long First, long Second, double? Real)
{
    public static InteractionFigure Read(StoreReader row) =>
        new(row.Text(0), row.TextOrNull(1), row.TimeOrNull(2), row.Number(3), row.Number(4), row.RealOrNull(5));
}

/// <summary>The rows of the metrics, put together.</summary>
internal static class InteractionFigures
{
    public static InteractionMetrics Metrics(IReadOnlyList<InteractionFigure> rows)
    {
        var figures = rows.ToLookup(f => f.Kind);
        var total = figures["total"].Single();
        return new InteractionMetrics
        {
            Totals = Counts(total),
            Intents = figures["intent"].ToDictionary(f => f.Name!, Counts).AsReadOnly(),
            Categories = figures["category"].ToDictionary(f => EnumText<IntentCategory>.Parse(f.Name!), Counts).AsReadOnly(),
            EscalationTriggers = figures["trigger"].ToDictionary(f => f.Name!, f => f.First).AsReadOnly(),
            Confidence = Confidence(figures["confidence"]),
            ProcessingTime = ProcessingTime(figures["time"].Single(), figures["percentile"]),
            Series = [.. figures["period"].OrderBy(f => f.Start).Select(f => new InteractionPeriod(f.Start!.Value, Counts(f)))],
        };
    }

    private static InteractionCounts Counts(InteractionFigure figure) => new(figure.First, figure.Second);

    /// <summary>One row for each bucket: its number, how many scores are in it, and their sum.</summary>
    private static ConfidenceMetrics Confidence(IEnumerable<InteractionFigure> buckets)
    {
        var (distribution, sum) = (new long[10], 0d);
        foreach (var bucket in buckets)
        {
            distribution[bucket.First] = bucket.Second;
            sum += bucket.Real!.Value;
        }

        var count = distribution.Sum();
        return new ConfidenceMetrics
        {
            Count = count,
            Mean = count == 0 ? null : sum / count,
            Distribution = new ReadOnlyCollection<long>(distribution),
        };
    }

    /// <param name="time">How many times there are, and their sum.</param>
    /// <param name="percentiles">
    /// For each percentile the two times around its place, and which part of the way from one to the other that is. No row of none.
    /// </param>
    private static ProcessingTimeMetrics ProcessingTime(InteractionFigure time, IEnumerable<InteractionFigure> percentiles)
    {
        var values = percentiles.ToDictionary(p => p.Name!, p => (double?)(p.First + (p.Real!.Value * (p.Second - p.First))));
        return new ProcessingTimeMetrics
        {
            Count = time.First,
            MeanMs = time.First == 0 ? null : (double)time.Second / time.First,
            P50Ms = values.GetValueOrDefault("50"),
            P95Ms = values.GetValueOrDefault("95"),
        };
    }
}
