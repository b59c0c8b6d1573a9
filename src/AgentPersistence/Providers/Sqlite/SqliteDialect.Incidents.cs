namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because an empty text is a syntax error for FTS5; an empty phrase matches nothing.
    public override string MatchTerms(IReadOnlyCollection<string> anyOf, IReadOnlyCollection<string> allOf)
    {
        IEnumerable<string> together = allOf.Count == 0 ? [] : [$"({string.Join(" AND ", allOf.Select(Phrase))})"];
        return string.Join(" OR ", anyOf.Select(Phrase).Concat(together).DefaultIfEmpty(Phrase("")));
    }

    protected override string MatchOf(string term) => $"'\"' || {term} || '\"'";

    // Differs because FTS5 is a table of its own; unlike PostgreSQL's index it can give those recorded last first.
    protected override string KeysMatching(string match, int limit) =>
        $"SELECT rowid FROM {{Incident}}_search WHERE {{Incident}}_search MATCH {match} ORDER BY rowid DESC LIMIT {limit}";

    protected override string AskedTerms(string parameter) => $"(SELECT value AS term FROM json_each({parameter}))";

    protected override string ByteCount(string bytes) => $"length({bytes})";

    private static string Phrase(string term) => $"\"{term}\"";
}
