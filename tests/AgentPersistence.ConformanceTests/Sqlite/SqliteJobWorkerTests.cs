using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteJobWorkerTests(SqliteDatabases databases) : JobWorkerTests(databases);
