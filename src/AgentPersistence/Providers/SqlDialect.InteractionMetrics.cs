using AgentPersistence.Interactions;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because one statement is one snapshot, also in a host's transaction, and percentiles interpolate.
internal abstract partial class SqlDialect
{
    private const int Buckets = 10;

    /// <summary>
    /// All figures of a dashboard, a row each: its kind, name, time, two numbers and a real one. Everything is read from one index. Equal
    /// rows are counted first (<c>cells</c>, <c>times</c>), so that the rest is about few.
    /// </summary>
    public SqlStatement MeasureInteractions(InteractionMetricsQuery query) => Statement($$"""
        WITH cells (intent, category, bucket, total, resolved, score) AS MATERIALIZED (
            SELECT {Interaction.IntentName}, {Interaction.IntentCategory}, {{Bucket}}, count(*), {{Resolved}},
                sum({Interaction.ConfidenceScore})
            FROM {Interaction} WHERE {{MatchingInteractions(query)}}
            GROUP BY 1, 2, 3),
        times (duration, number) AS MATERIALIZED (
            SELECT {Interaction.ProcessingTimeMs}, count(*)
            FROM {Interaction} WHERE {{MatchingInteractions(query)}} AND {Interaction.ProcessingTimeMs} IS NOT NULL
            GROUP BY 1),
        ranked (duration, through, last) AS (
            SELECT duration, CAST(sum(number) OVER (ORDER BY duration) AS bigint), CAST(sum(number) OVER () AS bigint) - 1 FROM times),
        periods (start, total, resolved) AS (
            SELECT {{PeriodStart("{Interaction.Timestamp}", query.Interval)}}, count(*), {{Resolved}}
            FROM {Interaction} WHERE {{MatchingInteractions(query)}}
            GROUP BY 1)
        SELECT 'period', NULL, start, total, resolved, CAST(NULL AS double precision) FROM periods
        UNION ALL
        SELECT 'total', NULL, NULL, {{WholeSum("total")}}, {{WholeSum("resolved")}}, NULL FROM cells
        UNION ALL
        SELECT 'intent', intent, NULL, {{WholeSum("total")}}, {{WholeSum("resolved")}}, NULL
        FROM cells WHERE intent IS NOT NULL GROUP BY intent
        UNION ALL
        SELECT 'category', category, NULL, {{WholeSum("total")}}, {{WholeSum("resolved")}}, NULL
        FROM cells WHERE category IS NOT NULL GROUP BY category
        UNION ALL
        SELECT 'confidence', NULL, NULL, bucket, {{WholeSum("total")}}, sum(score) FROM cells WHERE bucket IS NOT NULL GROUP BY bucket
        UNION ALL
        SELECT 'time', NULL, NULL, {{WholeSum("number")}}, {{WholeSum("number * duration")}}, NULL FROM times
        UNION ALL
        {{TimePercentile(50)}}
        UNION ALL
        {{TimePercentile(95)}}
        UNION ALL
        SELECT 'trigger', escalation.{Escalation.TriggerType}, NULL, count(*), 0, NULL
        FROM {Interaction} JOIN {Escalation} AS escalation ON escalation.{Escalation.InteractionId} = {Interaction}.{Interaction.Id}
        WHERE {{MatchingInteractions(query)}}
        GROUP BY escalation.{Escalation.TriggerType}
        """);

    /// <summary>A statement that reads much, so that the server spends no time on compiling it, and how many results precede its own.</summary>
    public abstract (SqlStatement Statement, int SkipResults) Uncompiled(SqlStatement statement);

    /// <summary>The SQL of the start of the period, in UTC, that a time is in.</summary>
    protected abstract string PeriodStart(string time, InteractionInterval interval);

    private static string Resolved =>
        $"count(*) FILTER (WHERE {{Interaction.Outcome}} = '{EnumText<InteractionOutcome>.From(InteractionOutcome.Resolved)}')";

    // Compared, not multiplied, so that a bucket begins at exactly the number that a reader would write.
    private static string Bucket => "CASE WHEN {Interaction.ConfidenceScore} IS NULL THEN NULL "
        + string.Concat(Enumerable.Range(1, Buckets - 1).Select(i => $"WHEN {{Interaction.ConfidenceScore}} < 0.{i} THEN {i - 1} "))
        + $"ELSE {Buckets - 1} END";

    /// <summary>The SQL of a sum of whole numbers, as one; 0 of none.</summary>
    private static string WholeSum(string number) => $"CAST(coalesce(sum({number}), 0) AS bigint)";

    /// <summary>
    /// The times around the place percent × last ÷ 100, and the rest as the way from one to the other; in whole numbers, so that both
    /// databases find the same.
    /// </summary>
    private static string TimePercentile(int percent)
    {
        var place = $"(last * {percent})";
        return $"""
            SELECT 'percentile', '{percent}', NULL, min(duration) FILTER (WHERE through > {place} / 100),
                min(duration) FILTER (WHERE through > ({place} + 99) / 100), CAST(max({place} % 100) AS double precision) / 100
            FROM ranked HAVING count(*) > 0
            """;
    }

    // The mode always stands in the condition, because the index begins with it. A bound stands there only where it is asked for.
    private static string MatchingInteractions(InteractionMetricsQuery query) =>
        (query.AssistantMode is null ? $"{{Interaction.AssistantMode}} IN ({AllModes})" : "{Interaction.AssistantMode} = @mode")
        + (query.From is null ? "" : " AND {Interaction.Timestamp} >= @from")
        + (query.To is null ? "" : " AND {Interaction.Timestamp} < @to");

    private static string AllModes =>
        string.Join(", ", Enum.GetValues<AssistantMode>().Select(mode => $"'{EnumText<AssistantMode>.From(mode)}'"));
}
