using AgentPersistence.ConformanceTests.Conversations;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlMessageArtifactTests(PostgreSqlDatabases databases) : MessageArtifactTests(databases);
