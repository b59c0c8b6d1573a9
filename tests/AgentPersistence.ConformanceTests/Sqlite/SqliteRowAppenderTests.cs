using AgentPersistence.ConformanceTests.GroupCommit;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteRowAppenderTests(SqliteDatabases databases) : RowAppenderTests(databases);
