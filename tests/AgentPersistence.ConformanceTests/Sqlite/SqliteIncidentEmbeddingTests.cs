using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteIncidentEmbeddingTests(SqliteDatabases databases) : IncidentEmbeddingTests(databases);
