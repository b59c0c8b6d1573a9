using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIdempotencyExampleTests(PostgreSqlDatabases databases) : IdempotencyExampleTests(databases);
