using AgentPersistence.ConformanceTests.Deployments;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteDeploymentConcurrencyTests(SqliteDatabases databases) : DeploymentConcurrencyTests(databases);
