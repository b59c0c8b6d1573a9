using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlUsagePayloadTests(PostgreSqlDatabases databases) : UsagePayloadTests(databases);
