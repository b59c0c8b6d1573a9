using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteTokenBudgetTests(SqliteDatabases databases) : TokenBudgetTests(databases);
