using AgentPersistence.ConformanceTests.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlApprovalTransactionTests(PostgreSqlDatabases databases) : ApprovalTransactionTests(databases);
