using AgentPersistence.ConformanceTests.Database;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteTransactionTests(SqliteDatabases databases) : TransactionTests(databases);
