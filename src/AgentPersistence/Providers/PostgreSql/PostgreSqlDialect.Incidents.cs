namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    public override string MatchTerms(IReadOnlyCollection<string> anyOf, IReadOnlyCollection<string> allOf)
    {
        IEnumerable<string> together = allOf.Count == 0 ? [] : [$"({string.Join(" & ", allOf.Select(t => $"'{t}'"))})"];
        return string.Join(" | ", anyOf.Select(t => $"'{t}'").Concat(together));
    }

    protected override string MatchOf(string term) => $"('''' || {term} || '''')";

    // The words of IncidentSearchIndex, to the letter: otherwise the index is not used.
    protected override string IncidentsMatching(string match, string limit) =>
        $"SELECT {{Incident.SearchKey}} AS id FROM {{Incident}} WHERE {IncidentSearchIndex.Document} @@ {match}::tsquery LIMIT {limit}";

    protected override string AskedTerms(string parameter) => $"(SELECT value AS term FROM json_array_elements_text({parameter}))";

    protected override string WeighedTerms(string parameter) =>
        $"(SELECT pair ->> 0 AS term, (pair ->> 1)::bigint AS weight FROM json_array_elements({parameter}) AS pair)";

    protected override string ByteCount(string bytes) => $"octet_length({bytes})";

    protected override string Place(string text, string part) => $"strpos({text}, {part})";
}
