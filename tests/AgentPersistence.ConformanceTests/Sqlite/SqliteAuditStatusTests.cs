using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditStatusTests(SqliteDatabases databases) : AuditStatusTests(databases);
