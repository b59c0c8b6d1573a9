using AgentPersistence.Internal.Sql;
using AgentPersistence.Metrics;

namespace AgentPersistence.Providers;

// By hand because a run is merged into its row in one statement, rows without a start come last, and percentiles interpolate.
internal abstract partial class SqlDialect
{
    /// <summary>A duration that was derived follows its times; one that was given stays until another is given.</summary>
    public SqlStatement RecordRun => field ??= Statement($$"""
        INSERT INTO {RunMetrics} AS stored (
            {RunMetrics.RunId}, {RunMetrics.JourneyName}, {RunMetrics.StartTime}, {RunMetrics.EndTime}, {RunMetrics.DurationMs},
            {RunMetrics.FinalOutcome}, {RunMetrics.TicketId})
        VALUES (@run_id, @journey, @start, @end, coalesce(@duration, {{Duration("@start", "@end")}}), @outcome, @ticket)
        ON CONFLICT ({RunMetrics.RunId}) DO UPDATE
        SET {RunMetrics.JourneyName} = coalesce(@journey, stored.{RunMetrics.JourneyName}),
            {RunMetrics.StartTime} = coalesce(@start, stored.{RunMetrics.StartTime}),
            {RunMetrics.EndTime} = coalesce(@end, stored.{RunMetrics.EndTime}),
            {RunMetrics.DurationMs} = CASE
                WHEN @duration IS NOT NULL THEN @duration
                WHEN stored.{RunMetrics.DurationMs} IS DISTINCT FROM
                    {{Duration("stored.{RunMetrics.StartTime}", "stored.{RunMetrics.EndTime}")}} THEN stored.{RunMetrics.DurationMs}
                ELSE {{Duration("coalesce(@start, stored.{RunMetrics.StartTime})", "coalesce(@end, stored.{RunMetrics.EndTime})")}}
                END,
            {RunMetrics.FinalOutcome} = coalesce(@outcome, stored.{RunMetrics.FinalOutcome}),
            {RunMetrics.TicketId} = coalesce(@ticket, stored.{RunMetrics.TicketId})
        """);

    public SqlStatement FindRun => field ??= Statement("""
        SELECT {RunMetrics.*} FROM {RunMetrics} WHERE {RunMetrics.RunId} = @run_id
        """);

    /// <summary>One page, in two halves that an index serves each: runs with a start, then, where they may match, those without.</summary>
    public SqlStatement QueryRuns(RunQuery query)
    {
        var halves = new List<string>();
        if (query.After is null or { StartTime: not null })
        {
            halves.Add(RunsOf(
                $"{{RunMetrics.StartTime}} IS NOT NULL {MatchingRuns(query)}"
                + (query.After is null ? "" : " AND ({RunMetrics.StartTime}, {RunMetrics.RunId}) < (@after_time, @after_id)"),
                "{RunMetrics.StartTime} DESC, {RunMetrics.RunId} DESC"));
        }

        // Those without a start match no bound on it; asked for on their own they are then none.
        if (query is { From: null, To: null } || halves is [])
        {
            halves.Add(RunsOf(
                $"{{RunMetrics.StartTime}} IS NULL {MatchingRuns(query)}"
                + (query.After is null or { StartTime: not null } ? "" : " AND {RunMetrics.RunId} < @after_id"),
                "{RunMetrics.RunId} DESC"));
        }

        return Statement(InHalves(halves, "{RunMetrics.*}", "{RunMetrics.StartTime} DESC NULLS LAST, {RunMetrics.RunId} DESC"));
    }

    /// <summary>One row of figures for all runs and for each journey, and one row for each outcome of each of these.</summary>
    public SqlStatement SummarizeRuns(RunQuery query) => Statement($$"""
        WITH matching (journey, outcome, ended, duration) AS (
            SELECT {RunMetrics.JourneyName}, {RunMetrics.FinalOutcome}, {RunMetrics.EndTime}, {RunMetrics.DurationMs}
            FROM {RunMetrics} WHERE true {{MatchingRuns(query)}}),
        runs (is_total, scope, outcome, ended, duration) AS (
            SELECT true, '', outcome, ended, duration FROM matching
            UNION ALL
            SELECT false, journey, outcome, ended, duration FROM matching WHERE journey IS NOT NULL)
        SELECT is_total, scope, NULL AS outcome, count(*) AS total, count(ended) AS finished, {{Mean("duration")}} AS mean,
            {{Percentile("0.5")}} AS p50, {{Percentile("0.95")}} AS p95, {{Percentile("0.99")}} AS p99
        FROM {{RankedRuns}}
        GROUP BY is_total, scope
        UNION ALL
        SELECT is_total, scope, outcome, count(*), 0, NULL, NULL, NULL, NULL
        FROM runs
        WHERE outcome IS NOT NULL
        GROUP BY is_total, scope, outcome
        """);

    /// <summary>The SQL of the microseconds from one time to another.</summary>
    protected abstract string Microseconds(string from, string to);

    /// <summary>The SQL of the mean of a column of whole numbers, as a floating-point number.</summary>
    protected abstract string Mean(string column);

    /// <summary>What the figures of <see cref="SummarizeRuns"/> are computed from: <c>runs</c>, with what percentiles need.</summary>
    protected abstract string RankedRuns { get; }

    /// <summary>The SQL of a percentile of <c>duration</c> over <see cref="RankedRuns"/>, interpolated linearly.</summary>
    protected abstract string Percentile(string fraction);

    /// <summary>Whole milliseconds; 0 if the end precedes the start, null where either is null.</summary>
    private string Duration(string start, string end) => $"CASE WHEN {end} < {start} THEN 0 ELSE {Microseconds(start, end)} / 1000 END";

    private static string RunsOf(string where, string order) =>
        $"SELECT {{RunMetrics.*}} FROM {{RunMetrics}} WHERE {where} ORDER BY {order} LIMIT @limit";

    // A filter stands in the text only where it is asked for, so that its index serves it.
    private static string MatchingRuns(RunQuery query) =>
        (query.JourneyName is null ? "" : " AND {RunMetrics.JourneyName} = @journey")
        + (query.FinalOutcome is null ? "" : " AND {RunMetrics.FinalOutcome} = @outcome")
        + (query.From is null ? "" : " AND {RunMetrics.StartTime} >= @from")
        + (query.To is null ? "" : " AND {RunMetrics.StartTime} < @to");
}
