using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Samples;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteAgentHostTests(SqliteDatabases databases) : AgentHostTests(databases);
