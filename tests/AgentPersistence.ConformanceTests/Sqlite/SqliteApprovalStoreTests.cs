using AgentPersistence.ConformanceTests.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteApprovalStoreTests(SqliteDatabases databases) : ApprovalStoreTests(databases);
