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
        WHERE {Incident.Id} = @id AND {Incident.Outcome} IN (@pending, @approval)
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
        FROM {Incident}
        {{(hasFrom ? "WHERE {Incident.CreatedAt} >= @from" : "")}}
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
    /// How frequent each term is: among the incidents recorded last, and for those that are rare there, in all. A common term is never
    /// counted out, because that would take as long as the table is large.
    /// </summary>
    public SqlStatement CountIncidentTerms => field ??= Statement($$"""
        WITH newest AS MATERIALIZED (
            SELECT ' ' || {Incident.SearchTerms} || ' ' AS terms, {Incident.SearchLength} AS length
            FROM {Incident} ORDER BY {Incident.SearchKey} DESC LIMIT @newest),
        counted AS MATERIALIZED (
            SELECT asked.term, (SELECT count(*) FROM newest WHERE {{Holds("newest.terms", "asked.term")}}) AS recent
            FROM {{AskedTerms("@terms")}} AS asked)
        SELECT counted.term, counted.recent,
            CASE WHEN counted.recent * 100 <= @newest
                THEN (SELECT count(*) FROM ({{IncidentsMatching(MatchOf("counted.term"), "@enough")}}) AS found) END,
            (SELECT count(*) FROM newest),
            (SELECT CAST(sum(newest.length) AS bigint) / count(*) FROM newest),
            (SELECT max({Incident.SearchKey}) FROM {Incident}) - (SELECT min({Incident.SearchKey}) FROM {Incident}) + 1
        FROM counted
        """);

    /// <summary>The incidents that match, or were recorded last, ranked by the weights of the terms they have; the rank stands last.</summary>
    public SqlStatement RankIncidents => field ??= Statement($$"""
        WITH named AS (
            SELECT matching.id FROM ({{IncidentsMatching("@match", "@candidates")}}) AS matching
            UNION
            SELECT more.id FROM ({{IncidentsMatching("@more", "@newest")}}) AS more
            UNION
            SELECT newest.id FROM (
                SELECT {Incident.SearchKey} AS id FROM {Incident} ORDER BY {Incident.SearchKey} DESC LIMIT @newest) AS newest),
        candidate AS MATERIALIZED (
            SELECT named.id, ' ' || {Incident.SearchTerms} || ' ' AS terms, {Incident.SearchLength} AS length
            FROM named JOIN {Incident} ON {Incident.SearchKey} = named.id),
        ranked AS MATERIALIZED (
            SELECT candidate.id, CAST(sum(asked.weight) AS bigint) * {{IncidentSearch.Scale}} / (@base + 2 * max(candidate.length)) AS rank
            FROM candidate JOIN {{WeighedTerms("@terms")}} AS asked ON {{Holds("candidate.terms", "asked.term")}}
            GROUP BY candidate.id
            ORDER BY 2 DESC, 1 DESC
            LIMIT @limit)
        SELECT {{IncidentColumns}}, ranked.rank
        FROM ranked JOIN {Incident} ON {Incident.SearchKey} = ranked.id
        ORDER BY ranked.rank DESC, ranked.id DESC
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

    /// <summary>What the full-text index is asked for: one of the first terms, or all of the second; empty for nothing.</summary>
    public abstract string MatchTerms(IReadOnlyCollection<string> anyOf, IReadOnlyCollection<string> allOf);

    /// <summary>The SQL that asks the full-text index for one term.</summary>
    protected abstract string MatchOf(string term);

    /// <summary>A SELECT of the keys (id) of some incidents that match, by the full-text index.</summary>
    protected abstract string IncidentsMatching(string match, string limit);

    /// <summary>The rows (term) of a parameter that holds them as a JSON array.</summary>
    protected abstract string AskedTerms(string parameter);

    /// <summary>The rows (term, weight) of a parameter that holds them as a JSON array of pairs.</summary>
    protected abstract string WeighedTerms(string parameter);

    /// <summary>The SQL of the number of bytes of a value.</summary>
    protected abstract string ByteCount(string bytes);

    /// <summary>The SQL of the place of one text in another; 0 for none.</summary>
    protected abstract string Place(string text, string part);

    private string Holds(string terms, string term) => $"{Place(terms, $"' ' || {term} || ' '")} > 0";
}
