using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteTokenLedgerTests(SqliteDatabases databases) : TokenLedgerTests(databases);
