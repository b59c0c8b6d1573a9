using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteJobQueueTests(SqliteDatabases databases) : JobQueueTests(databases);
