using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlJobWorkerTests(PostgreSqlDatabases databases) : JobWorkerTests(databases);
