using AgentPersistence.ConformanceTests.Database;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteMigrationUpgradeTests(SqliteDatabases databases) : MigrationUpgradeTests(databases);
