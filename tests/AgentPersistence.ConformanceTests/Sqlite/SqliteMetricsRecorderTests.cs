using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Metrics;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteMetricsRecorderTests(SqliteDatabases databases) : MetricsRecorderTests(databases);
