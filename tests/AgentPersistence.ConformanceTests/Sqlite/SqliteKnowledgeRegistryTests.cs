using AgentPersistence.ConformanceTests.Knowledge;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteKnowledgeRegistryTests(SqliteDatabases databases) : KnowledgeRegistryTests(databases);
