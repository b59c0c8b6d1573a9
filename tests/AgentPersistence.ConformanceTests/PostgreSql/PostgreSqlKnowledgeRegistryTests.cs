using AgentPersistence.ConformanceTests.Knowledge;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlKnowledgeRegistryTests(PostgreSqlDatabases databases) : KnowledgeRegistryTests(databases);
