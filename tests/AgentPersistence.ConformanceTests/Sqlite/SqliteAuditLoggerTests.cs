using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditLoggerTests(SqliteDatabases databases) : AuditLoggerTests(databases);
