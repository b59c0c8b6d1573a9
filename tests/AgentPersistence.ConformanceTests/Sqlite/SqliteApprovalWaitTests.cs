using AgentPersistence.ConformanceTests.Approvals;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteApprovalWaitTests(SqliteDatabases databases) : ApprovalWaitTests(databases);
