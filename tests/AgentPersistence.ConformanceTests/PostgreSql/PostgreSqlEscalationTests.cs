using AgentPersistence.ConformanceTests.Interactions;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlEscalationTests(PostgreSqlDatabases databases) : EscalationTests(databases);
