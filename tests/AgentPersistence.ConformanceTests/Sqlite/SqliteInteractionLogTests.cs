using AgentPersistence.ConformanceTests.Interactions;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteInteractionLogTests(SqliteDatabases databases) : InteractionLogTests(databases);
