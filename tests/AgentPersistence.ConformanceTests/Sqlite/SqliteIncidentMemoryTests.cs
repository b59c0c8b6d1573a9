using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteIncidentMemoryTests(SqliteDatabases databases) : IncidentMemoryTests(databases);
