using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Transactions;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteJournalAuditTests(SqliteDatabases databases) : JournalAuditTests(databases);
