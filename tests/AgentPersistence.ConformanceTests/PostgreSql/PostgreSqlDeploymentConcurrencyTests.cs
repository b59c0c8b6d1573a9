using AgentPersistence.ConformanceTests.Deployments;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlDeploymentConcurrencyTests(PostgreSqlDatabases databases) : DeploymentConcurrencyTests(databases);
