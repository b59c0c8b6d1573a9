using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlTokenBudgetHeldTests(PostgreSqlDatabases databases) : TokenBudgetHeldTests(databases);
