namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because SQLite has no percentile_cont: the durations are numbered, and the two around the percentile's place are weighed.
    protected override string RankedRuns => """
        (SELECT *,
            row_number() OVER (PARTITION BY is_total, scope ORDER BY duration NULLS LAST) - 1 AS place,
            count(duration) OVER (PARTITION BY is_total, scope) - 1 AS last_place
        FROM runs) AS ranked
        """;

    protected override string Microseconds(string from, string to) => $"({to} - {from})";

    protected override string Mean(string column) => $"avg({column})";

    // The same arithmetic as PostgreSQL's, in the same order, so that the last bit agrees.
    protected override string Percentile(string fraction)
    {
        var wanted = $"{fraction} * last_place";
        var lower = $"max(duration) FILTER (WHERE place <= {wanted})";
        var upper = $"min(duration) FILTER (WHERE place >= {wanted})";
        return $"{lower} + (max({wanted}) - CAST(max({wanted}) AS INTEGER)) * ({upper} - {lower})";
    }
}
