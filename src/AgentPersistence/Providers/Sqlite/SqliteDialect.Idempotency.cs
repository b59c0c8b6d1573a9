namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because whoever writes has locked the whole database before its first statement.
    protected override string TryLockKey(string scope, string key, bool inTransaction) => "true";

    // Differs for the same reason. CROSS JOIN keeps its order here.
    protected override string FreeIdempotent(string given) => $$"""
        SELECT given.*, {{RowPlace("{Idempotency}")}} AS place
        FROM {{given}} CROSS JOIN {Idempotency}
            ON {Idempotency}.{Idempotency.Scope} = given.scope AND {Idempotency.IdempotencyKey} = given.key
        """;
}
