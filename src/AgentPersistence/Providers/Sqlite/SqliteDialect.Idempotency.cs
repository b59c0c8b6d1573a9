namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because whoever writes has locked the whole database before its first statement.
    protected override string TryLockKey(string scope, string key, bool inTransaction) => "true";

    protected override string FreeIdempotent(string given) => $"SELECT given.* FROM {given}";
}
