using AgentPersistence.ConformanceTests.Conversations;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteMessageTransactionTests(SqliteDatabases databases) : MessageTransactionTests(databases);
