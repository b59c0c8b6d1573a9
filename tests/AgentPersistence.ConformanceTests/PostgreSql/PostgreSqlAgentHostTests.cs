using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlAgentHostTests(PostgreSqlDatabases databases) : AgentHostTests(databases);
