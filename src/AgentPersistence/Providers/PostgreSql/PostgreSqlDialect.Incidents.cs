namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    public override string MatchTerms(IReadOnlyCollection<string> anyOf, IReadOnlyCollection<string> allOf)
    {
        IEnumerable<string> together = allOf.Count == 0 ? [] : [$"({string.Join(" & ", allOf.Select(Lexeme))})"];
        return string.Join(" | ", anyOf.Select(Lexeme).Concat(together));
    }

    protected override string MatchOf(string term) => $"('''' || {term} || '''')";

    protected override string KeysMatching(string match, int limit) => Matching("{Incident.SearchKey}", match, limit);

    // Differs because with the keys in a sub-select the table is read through to be joined with them.
    protected override string IncidentsMatching(string match, int limit) => Matching(SearchColumns, match, limit);

    protected override string AskedTerms(string parameter) => $"(SELECT value AS term FROM json_array_elements_text({parameter}))";

    protected override string ByteCount(string bytes) => $"octet_length({bytes})";

    // The document as IncidentSearchIndex has it, to the letter: otherwise the index is not used.
    private static string Matching(string columns, string match, int limit) =>
        $"SELECT {columns} FROM {{Incident}} WHERE {IncidentSearchIndex.Document} @@ {match}::tsquery LIMIT {limit}";

    private static string Lexeme(string term) => $"'{term}'";
}
