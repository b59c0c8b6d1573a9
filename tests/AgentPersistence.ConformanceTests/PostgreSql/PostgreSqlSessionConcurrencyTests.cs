using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Sessions;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlSessionConcurrencyTests(PostgreSqlDatabases databases) : SessionConcurrencyTests(databases);
