using AgentPersistence.ConformanceTests.Conversations;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlHeldThreadTests(PostgreSqlDatabases databases) : HeldThreadTests(databases);
