using AgentPersistence.ConformanceTests.Auditing;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAuditProcessTests(SqliteDatabases databases) : AuditProcessTests(databases)
{
    protected override (int Processes, int Writers) Load => (4, 8);
}
