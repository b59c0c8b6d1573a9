namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Differs because each session has to be looked up by its id, however few the statistics know.
    protected override string FreeSessions(string given) => $$"""
        SELECT given.*
        FROM {{given}} CROSS JOIN LATERAL (SELECT 1 FROM {Session} WHERE {Session.Id} = given.session {{SkipLocked("{Session}")}}) AS locked
        """;
}
