using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Jobs;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlJobLostAnswerTests(PostgreSqlDatabases databases) : JobLostAnswerTests(databases);
