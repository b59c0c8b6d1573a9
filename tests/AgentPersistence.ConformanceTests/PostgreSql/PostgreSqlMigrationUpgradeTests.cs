using AgentPersistence.ConformanceTests.Database;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlMigrationUpgradeTests(PostgreSqlDatabases databases) : MigrationUpgradeTests(databases);
