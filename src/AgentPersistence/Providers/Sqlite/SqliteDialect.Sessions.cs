namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because whoever writes has locked the whole database before its first statement. CROSS JOIN keeps its order here.
    protected override string FreeSessions(string given) =>
        $"SELECT given.*, {RowPlace("{Session}")} AS place, {{Session.Status}} AS stands FROM {given} CROSS JOIN {{Session}} "
        + "ON {Session.Id} = given.session";
}
