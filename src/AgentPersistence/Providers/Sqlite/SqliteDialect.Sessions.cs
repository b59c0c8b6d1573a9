namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because whoever writes has locked the whole database before its first statement.
    protected override string FreeSessions(string given) => $"SELECT given.* FROM {given}";
}
