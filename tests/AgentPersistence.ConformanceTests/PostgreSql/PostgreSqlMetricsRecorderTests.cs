using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Metrics;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlMetricsRecorderTests(PostgreSqlDatabases databases) : MetricsRecorderTests(databases);
