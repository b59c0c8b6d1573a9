using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlJobTransactionTests(PostgreSqlDatabases databases) : JobTransactionTests(databases);
