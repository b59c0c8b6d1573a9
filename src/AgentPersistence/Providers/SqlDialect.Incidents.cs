using AgentPersistence.Incidents;
using AgentPersistence.Incidents.Storage;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because full text is each database's own, aggregates are one pass, and an update is one round trip that also returns the row.
internal abstract partial class SqlDialect
{
    public SqlStatement FindIncident => field ??= Statement($$"""
        SELECT {{IncidentColumns}} FROM {Incident} WHERE {Incident.Id} = @id
        """);

    public SqlStatement FindIncidents => field ??= Statement($$"""
        SELECT {{IncidentColumns}} FROM {Incident} WHERE {Incident.Id} {{AnyOf("@ids")}}
        """);

    /// <summary>Sets the outcome of an incident that is open; no row comes back otherwise.</summary>
    public SqlStatement UpdateIncidentOutcome => field ??= Statement($$"""
        UPDATE {Incident}
        SET {Incident.Outcome} = @outcome,
            {Incident.ActionTaken} = coalesce(@actions, {Incident.ActionTaken}),
            {Incident.UpdatedAt} = @updated_at,
            {Incident.WriteId} = @write_id
        WHERE {Incident.Id} = @id AND {{Filter("{Incident.Outcome} IN (@pending, @approval)")}}
        RETURNING {{IncidentColumns}}
        """);

    /// <summary>One page, newest first. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QueryIncidents(IncidentQuery query) => Statement($$"""
        SELECT {{IncidentColumns}}
        FROM {Incident}
        WHERE true
            {{(query.RootCause is null ? "" : "AND {Incident.RootCause} = @root_cause")}}
            {{(query.Outcome is null ? "" : "AND {Incident.Outcome} = @outcome")}}
            {{(query.From is null ? "" : "AND {Incident.CreatedAt} >= @from")}}
            {{(query.To is null ? "" : "AND {Incident.CreatedAt} < @to")}}
            {{(query.After is null ? "" : "AND ({Incident.CreatedAt}, {Incident.Id}) < (@after_time, @after_id)")}}
        ORDER BY {Incident.CreatedAt} DESC, {Incident.Id} DESC
        LIMIT @limit
        """);

    public SqlStatement SummarizeRootCauses(bool hasFrom) => Statement($$"""
        SELECT {Incident.RootCause}, count(*),
            count(*) FILTER (WHERE {Incident.Outcome} NOT IN (@pending, @approval)),
            count(*) FILTER (WHERE {Incident.Outcome} = @completed),
            CAST(count(*) FILTER (WHERE {Incident.Outcome} = @completed) AS double precision) / count(*),
            avg({Incident.Confidence})
        FROM {Incident} {{(hasFrom ? $"{By("ix_agent_incidents_created_at_id")} WHERE {{Incident.CreatedAt}} >= @from" : "")}}
        GROUP BY {Incident.RootCause}
        ORDER BY count(*) DESC, {Incident.RootCause} NULLS LAST
        LIMIT @limit
        """);

    public SqlStatement ReadConfidenceHistory(bool hasSignal, bool hasAfter) => Statement($$"""
        SELECT {IncidentConfidence.*}
        FROM {IncidentConfidence}
        WHERE {IncidentConfidence.RecordedAt} >= @from
            {{(hasSignal ? "AND {IncidentConfidence.SignalHash} = @hash" : "")}}
            {{(hasAfter ? "AND ({IncidentConfidence.RecordedAt}, {IncidentConfidence.Id}) < (@after_time, @after_id)" : "")}}
        ORDER BY {IncidentConfidence.RecordedAt} DESC, {IncidentConfidence.Id} DESC
        LIMIT @limit
        """);

    /// <summary>
    /// Some incidents, spread over the whole table because those of one kind come in bursts, and not at equal distances, at which they may
    /// come as well; behind each, about how many there are.
    /// </summary>
    public SqlStatement SampleIncidents => field ??= Statement($$"""
        WITH RECURSIVE step (n) AS (
            SELECT 0 UNION ALL SELECT step.n + 1 FROM step WHERE step.n < {{IncidentSearch.Sampled - 1}}),
        bounds AS (
            SELECT (SELECT min({Incident.SearchKey}) FROM {Incident}) AS low,
                (SELECT max({Incident.SearchKey}) FROM {Incident}) + 1 AS high),
        place AS (
            SELECT DISTINCT bounds.high - bounds.low AS incidents, (
                SELECT min({Incident.SearchKey}) FROM {Incident}
                WHERE {Incident.SearchKey} >=
                    bounds.low + {{SampledPlace}} * (bounds.high - bounds.low) / {{IncidentSearch.Sampled * 65536}}) AS found
            FROM step CROSS JOIN bounds)
        SELECT {{SearchColumns}}, place.incidents FROM place JOIN {Incident} ON {Incident.SearchKey} = place.found
        """);

    // In 65536ths of a step: anywhere in the n-th one, always at the same place (multiples of the golden ratio are spread evenly).
    private const string SampledPlace = "(step.n * 65536 + step.n * 40503 % 65536)";

    /// <summary>How many incidents have each term, counted until that is more than a search looks at.</summary>
    public SqlStatement CountIncidentTerms => field ??= Statement($$"""
        SELECT asked.term, (
            SELECT count(*) FROM ({{KeysMatching(MatchOf("asked.term"), IncidentSearch.MostCandidates + 1)}}) AS hits)
        FROM {{AskedTerms("@terms")}} AS asked
        """);

    /// <summary>The incidents that are ranked, some of them twice: those that match, and those recorded last.</summary>
    public SqlStatement ReadIncidentCandidates => field ??= Statement($$"""
        SELECT matching.* FROM ({{IncidentsMatching("@match", 2 * IncidentSearch.MostCandidates)}}) AS matching
        UNION ALL
        SELECT more.* FROM ({{IncidentsMatching("@more", IncidentSearch.MostCandidates)}}) AS more
        UNION ALL
        SELECT newest.* FROM (
            SELECT {{SearchColumns}} FROM {Incident} ORDER BY {Incident.SearchKey} DESC LIMIT {{IncidentSearch.MostCandidates}}) AS newest
        """);

    /// <summary>The vectors of one length, those recorded last first.</summary>
    public SqlStatement ReadEmbeddings => field ??= Statement($$"""
        SELECT {Incident.Id}, {Incident.Embedding}
        FROM {Incident} WHERE {{ByteCount("{Incident.Embedding}")}} = @bytes
        ORDER BY {Incident.SearchKey} DESC
        LIMIT @limit
        """);

    /// <summary>What an incident is read from, without its vector: see <see cref="IncidentRow.Read"/>.</summary>
    private const string IncidentColumns = """
        {Incident.Id}, {Incident.SignalCluster}, {Incident.RootCause}, {Incident.Confidence}, {Incident.ActionTaken}, {Incident.Outcome},
            {Incident.Embedding} IS NOT NULL, {Incident.CreatedAt}, {Incident.UpdatedAt}, {Incident.WriteId}
        """;

    /// <summary>What a search reads of an incident: see <see cref="IncidentCandidate.Read"/>.</summary>
    protected const string SearchColumns = """
        {Incident.SearchKey}, {Incident.Id}, {Incident.SearchTerms}, {Incident.SearchLength}
        """;

    /// <summary>What the index is asked for: one of the first terms, or all of the second; nothing where there are none.</summary>
    public abstract string MatchTerms(IReadOnlyCollection<string> anyOf, IReadOnlyCollection<string> allOf);

    /// <summary>The SQL that asks the full-text index for one term.</summary>
    protected abstract string MatchOf(string term);

    /// <summary>A SELECT of the keys of so many incidents that match, by the full-text index.</summary>
    protected abstract string KeysMatching(string match, int limit);

    /// <summary>The same incidents, with the columns of <see cref="SearchColumns"/>.</summary>
    protected virtual string IncidentsMatching(string match, int limit) =>
        $"SELECT {SearchColumns} FROM {{Incident}} WHERE {{Incident.SearchKey}} IN ({KeysMatching(match, limit)})";

    /// <summary>The rows (term) of a parameter that holds them as a JSON array.</summary>
    protected abstract string AskedTerms(string parameter);

    /// <summary>The SQL of the number of bytes of a value.</summary>
    protected abstract string ByteCount(string bytes);
}
