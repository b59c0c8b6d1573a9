using AgentPersistence.ConformanceTests.Deployments;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlDeploymentLostAnswerTests(PostgreSqlDatabases databases) : DeploymentLostAnswerTests(databases);
