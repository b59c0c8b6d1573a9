using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIncidentConcurrencyTests(PostgreSqlDatabases databases) : IncidentConcurrencyTests(databases);
