using AgentPersistence.ConformanceTests.GroupCommit;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlRowAppenderTests(PostgreSqlDatabases databases) : RowAppenderTests(databases);
