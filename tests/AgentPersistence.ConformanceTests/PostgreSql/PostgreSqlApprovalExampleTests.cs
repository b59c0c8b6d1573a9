using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlApprovalExampleTests(PostgreSqlDatabases databases) : ApprovalExampleTests(databases);
