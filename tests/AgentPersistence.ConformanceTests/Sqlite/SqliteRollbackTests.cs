using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Transactions;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteRollbackTests(SqliteDatabases databases) : RollbackTests(databases);
