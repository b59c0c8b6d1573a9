namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    public override string MatchTerms(IReadOnlyCollection<string> anyOf, IReadOnlyCollection<string> allOf)
    {
        IEnumerable<string> together = allOf.Count == 0 ? [] : [$"({string.Join(" AND ", allOf.Select(t => $"\"{t}\""))})"];
        return string.Join(" OR ", anyOf.Select(t => $"\"{t}\"").Concat(together));
    }

    protected override string MatchOf(string term) => $"'\"' || {term} || '\"'";

    // Differs because FTS5 is a table of its own; unlike PostgreSQL's index it can give those recorded last first.
    protected override string IncidentsMatching(string match, string limit) =>
        $"SELECT rowid AS id FROM {{Incident}}_search WHERE {{Incident}}_search MATCH {match} ORDER BY rowid DESC LIMIT {limit}";

    protected override string AskedTerms(string parameter) => $"(SELECT value AS term FROM json_each({parameter}))";

    protected override string WeighedTerms(string parameter) =>
        $"(SELECT value ->> 0 AS term, value ->> 1 AS weight FROM json_each({parameter}))";

    protected override string ByteCount(string bytes) => $"length({bytes})";

    protected override string Place(string text, string part) => $"instr({text}, {part})";
}
