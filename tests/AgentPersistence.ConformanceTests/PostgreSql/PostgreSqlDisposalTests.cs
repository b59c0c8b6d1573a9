using AgentPersistence.ConformanceTests.Database;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlDisposalTests(PostgreSqlDatabases databases) : DisposalTests(databases);
