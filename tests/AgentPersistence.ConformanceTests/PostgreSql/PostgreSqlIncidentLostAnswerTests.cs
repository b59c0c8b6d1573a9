using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIncidentLostAnswerTests(PostgreSqlDatabases databases) : IncidentLostAnswerTests(databases);
