using AgentPersistence.ConformanceTests.Idempotency;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIdempotencyExecutionTests(PostgreSqlDatabases databases) : IdempotencyExecutionTests(databases);
