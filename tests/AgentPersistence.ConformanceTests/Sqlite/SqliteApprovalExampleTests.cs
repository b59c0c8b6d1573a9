using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteApprovalExampleTests(SqliteDatabases databases) : ApprovalExampleTests(databases);
