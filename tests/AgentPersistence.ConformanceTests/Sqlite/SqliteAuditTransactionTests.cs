using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditTransactionTests(SqliteDatabases databases) : AuditTransactionTests(databases);
