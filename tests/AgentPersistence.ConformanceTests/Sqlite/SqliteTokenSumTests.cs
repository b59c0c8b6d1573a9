using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteTokenSumTests(SqliteDatabases databases) : TokenSumTests(databases);
