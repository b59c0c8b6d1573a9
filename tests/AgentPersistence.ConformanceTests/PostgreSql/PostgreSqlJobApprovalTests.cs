using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlJobApprovalTests(PostgreSqlDatabases databases) : JobApprovalTests(databases);
