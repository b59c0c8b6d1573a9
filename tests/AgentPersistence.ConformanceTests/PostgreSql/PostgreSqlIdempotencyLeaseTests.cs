using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIdempotencyLeaseTests(PostgreSqlDatabases databases) : IdempotencyLeaseTests(databases);
