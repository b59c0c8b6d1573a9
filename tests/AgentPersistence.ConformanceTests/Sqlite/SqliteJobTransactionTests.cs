using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteJobTransactionTests(SqliteDatabases databases) : JobTransactionTests(databases);
