using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlAuditProcessTests(PostgreSqlDatabases databases) : AuditProcessTests(databases)
{
    protected override (int Processes, int Writers) Load => (8, 8);
}
