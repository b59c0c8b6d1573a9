using AgentPersistence.ConformanceTests.Interactions;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlInteractionMetricsTests(PostgreSqlDatabases databases) : InteractionMetricsTests(databases);
