using AgentPersistence.ConformanceTests.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteApprovalExpiryTests(SqliteDatabases databases) : ApprovalExpiryTests(databases);
