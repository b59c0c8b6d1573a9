using AgentPersistence.Interactions;

namespace AgentPersistence.ConformanceTests.Interactions;

/// <summary>The same figures, computed here in the plainest way.</summary>
internal static class ComputedMetrics
{
    public static InteractionMetrics Of(
        IEnumerable<Interaction> interactions, IEnumerable<Escalation> escalations, InteractionMetricsQuery query)
    {
        var matching = interactions.Where(i =>
            (query.AssistantMode is null || i.AssistantMode == query.AssistantMode)
            && (query.From is null || i.Timestamp >= query.From)
            && (query.To is null || i.Timestamp < query.To)).ToList();
        var ids = matching.Select(i => i.Id).ToHashSet();
        var scores = matching.Where(i => i.ConfidenceScore is not null).Select(i => i.ConfidenceScore!.Value).ToList();
        var times = matching.Where(i => i.ProcessingTimeMs is not null).Select(i => i.ProcessingTimeMs!.Value).Order().ToList();
        return new InteractionMetrics
        {
            Totals = Counts(matching),
            Intents = matching.Where(i => i.IntentName is not null).GroupBy(i => i.IntentName!).ToDictionary(g => g.Key, Counts),
            Categories = matching.Where(i => i.IntentCategory is not null).GroupBy(i => i.IntentCategory!.Value).ToDictionary(g => g.Key, Counts),
            EscalationTriggers = escalations.Where(e => ids.Contains(e.InteractionId)).CountBy(e => e.TriggerType)
                .ToDictionary(c => c.Key, c => (long)c.Value),
            Confidence = new ConfidenceMetrics
            {
                Count = scores.Count,
                Mean = scores.Count == 0 ? null : scores.Average(),
                Distribution = [.. Enumerable.Range(0, 10).Select(b => (long)scores.Count(s => s >= b / 10d && (s < (b + 1) / 10d || b == 9)))],
            },
            ProcessingTime = new ProcessingTimeMetrics
            {
                Count = times.Count,
                MeanMs = times.Count == 0 ? null : times.Average(),
                P50Ms = Percentile(times, 0.5m),
                P95Ms = Percentile(times, 0.95m),
            },
            Series =
            [
                .. matching.GroupBy(i => PeriodOf(i, query.Interval)).OrderBy(g => g.Key).Select(g => new InteractionPeriod(g.Key, Counts(g))),
            ],
        };
    }

    private static InteractionCounts Counts(IEnumerable<Interaction> interactions) =>
        new(interactions.Count(), interactions.Count(i => i.Outcome == InteractionOutcome.Resolved));

    private static DateTimeOffset PeriodOf(Interaction interaction, InteractionInterval interval)
    {
        var time = interaction.Timestamp;
        return new(time.Year, time.Month, time.Day, interval == InteractionInterval.Hour ? time.Hour : 0, 0, 0, TimeSpan.Zero);
    }

    private static double? Percentile(List<int> ordered, decimal fraction)
    {
        if (ordered.Count == 0)
        {
            return null;
        }

        var place = fraction * (ordered.Count - 1);
        var (lower, upper) = (ordered[(int)Math.Floor(place)], ordered[(int)Math.Ceiling(place)]);
        return (double)(lower + ((place - Math.Floor(place)) * ((decimal)upper - lower)));
    }
}
