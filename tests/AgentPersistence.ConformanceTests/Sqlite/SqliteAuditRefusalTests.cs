using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditRefusalTests(SqliteDatabases databases) : AuditRefusalTests(databases);
