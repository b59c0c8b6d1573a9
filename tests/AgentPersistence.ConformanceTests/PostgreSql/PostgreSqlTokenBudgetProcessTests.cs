using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlTokenBudgetProcessTests(PostgreSqlDatabases databases) : TokenBudgetProcessTests(databases);
