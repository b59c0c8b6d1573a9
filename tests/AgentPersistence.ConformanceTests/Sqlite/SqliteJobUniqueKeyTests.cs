using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteJobUniqueKeyTests(SqliteDatabases databases) : JobUniqueKeyTests(databases);
