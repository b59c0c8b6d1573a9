using AgentPersistence.ConformanceTests.Interactions;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteInteractionTransactionTests(SqliteDatabases databases) : InteractionTransactionTests(databases);
