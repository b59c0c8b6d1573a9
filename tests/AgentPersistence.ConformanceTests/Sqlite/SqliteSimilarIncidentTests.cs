using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteSimilarIncidentTests(SqliteDatabases databases) : SimilarIncidentTests(databases);
