using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlAuditMaintenanceTests(PostgreSqlDatabases databases) : AuditMaintenanceTests(databases);
