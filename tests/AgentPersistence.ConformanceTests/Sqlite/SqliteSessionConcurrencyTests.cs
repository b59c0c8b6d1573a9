using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Sessions;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteSessionConcurrencyTests(SqliteDatabases databases) : SessionConcurrencyTests(databases);
