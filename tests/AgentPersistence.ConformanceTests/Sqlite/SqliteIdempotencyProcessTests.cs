using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteIdempotencyProcessTests(SqliteDatabases databases) : IdempotencyProcessTests(databases);
