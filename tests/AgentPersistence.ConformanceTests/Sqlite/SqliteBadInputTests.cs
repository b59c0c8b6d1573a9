using AgentPersistence.ConformanceTests.BadInput;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteBadInputTests(SqliteDatabases databases) : BadInputTests(databases);
