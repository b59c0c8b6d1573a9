using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteIdempotencyExecutionTests(SqliteDatabases databases) : IdempotencyExecutionTests(databases);
