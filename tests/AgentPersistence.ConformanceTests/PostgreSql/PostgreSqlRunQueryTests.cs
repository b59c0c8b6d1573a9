using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Metrics;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlRunQueryTests(PostgreSqlDatabases databases) : RunQueryTests(databases);
