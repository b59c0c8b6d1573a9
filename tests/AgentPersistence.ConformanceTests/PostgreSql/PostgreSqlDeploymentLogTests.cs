using AgentPersistence.ConformanceTests.Deployments;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlDeploymentLogTests(PostgreSqlDatabases databases) : DeploymentLogTests(databases);
