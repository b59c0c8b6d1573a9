using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditingExampleTests(SqliteDatabases databases) : AuditingExampleTests(databases);
