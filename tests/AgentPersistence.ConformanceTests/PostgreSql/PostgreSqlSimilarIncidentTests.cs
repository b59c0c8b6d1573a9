using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlSimilarIncidentTests(PostgreSqlDatabases databases) : SimilarIncidentTests(databases);
