using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlJobQueueTests(PostgreSqlDatabases databases) : JobQueueTests(databases);
