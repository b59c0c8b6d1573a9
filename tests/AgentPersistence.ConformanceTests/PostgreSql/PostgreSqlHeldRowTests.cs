using AgentPersistence.ConformanceTests.GroupCommit;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlHeldRowTests(PostgreSqlDatabases databases) : HeldRowTests(databases);
