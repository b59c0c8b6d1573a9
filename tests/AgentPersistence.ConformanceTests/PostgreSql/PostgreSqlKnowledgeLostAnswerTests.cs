using AgentPersistence.ConformanceTests.Knowledge;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlKnowledgeLostAnswerTests(PostgreSqlDatabases databases) : KnowledgeLostAnswerTests(databases);
