using AgentPersistence.ConformanceTests.Deployments;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteDeploymentTransactionTests(SqliteDatabases databases) : DeploymentTransactionTests(databases);
