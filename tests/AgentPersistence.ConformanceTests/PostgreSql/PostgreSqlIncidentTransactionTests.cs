using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlIncidentTransactionTests(PostgreSqlDatabases databases) : IncidentTransactionTests(databases);
