using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteIncidentExampleTests(SqliteDatabases databases) : IncidentExampleTests(databases);
