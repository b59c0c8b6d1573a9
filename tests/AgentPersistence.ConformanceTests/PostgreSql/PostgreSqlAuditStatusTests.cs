using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlAuditStatusTests(PostgreSqlDatabases databases) : AuditStatusTests(databases);
