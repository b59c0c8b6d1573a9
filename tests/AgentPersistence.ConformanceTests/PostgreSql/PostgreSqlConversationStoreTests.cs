using AgentPersistence.ConformanceTests.Conversations;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlConversationStoreTests(PostgreSqlDatabases databases) : ConversationStoreTests(databases);
