using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlJobLeaseTests(PostgreSqlDatabases databases) : JobLeaseTests(databases);
