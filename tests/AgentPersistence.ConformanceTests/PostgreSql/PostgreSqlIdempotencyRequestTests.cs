using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIdempotencyRequestTests(PostgreSqlDatabases databases) : IdempotencyRequestTests(databases);
