using AgentPersistence.ConformanceTests.Conversations;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteMessageAppendTests(SqliteDatabases databases) : MessageAppendTests(databases);
