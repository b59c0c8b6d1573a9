using AgentPersistence.ConformanceTests.Incidents;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteIncidentTransactionTests(SqliteDatabases databases) : IncidentTransactionTests(databases);
