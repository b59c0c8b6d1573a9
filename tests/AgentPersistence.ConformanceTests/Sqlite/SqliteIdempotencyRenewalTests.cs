using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteIdempotencyRenewalTests(SqliteDatabases databases) : IdempotencyRenewalTests(databases);
