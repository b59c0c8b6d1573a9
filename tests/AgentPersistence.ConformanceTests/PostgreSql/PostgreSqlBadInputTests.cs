using AgentPersistence.ConformanceTests.BadInput;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlBadInputTests(PostgreSqlDatabases databases) : BadInputTests(databases);
