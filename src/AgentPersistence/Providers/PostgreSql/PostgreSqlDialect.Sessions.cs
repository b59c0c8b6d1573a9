namespace AgentPersistence.Providers.PostgreSql;

internal sealed partial class PostgreSqlDialect
{
    // Differs because each session has to be looked up by its id, however few the statistics know.
    protected override string FreeSessions(string given) => $$"""
        SELECT given.*, held.place, held.stands
        FROM {{given}} CROSS JOIN LATERAL (
            SELECT {{RowPlace("{Session}")}} AS place, {Session.Status} AS stands FROM {Session}
            WHERE {Session.Id} = given.session {{SkipLocked("{Session}")}}) AS held
        """;
}
