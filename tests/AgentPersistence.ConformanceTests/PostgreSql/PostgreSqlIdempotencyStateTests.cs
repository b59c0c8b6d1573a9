using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIdempotencyStateTests(PostgreSqlDatabases databases) : IdempotencyStateTests(databases);
