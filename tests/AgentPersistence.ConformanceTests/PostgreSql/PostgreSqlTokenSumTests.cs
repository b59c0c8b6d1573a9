using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Tokens;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlTokenSumTests(PostgreSqlDatabases databases) : TokenSumTests(databases);
