using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Transactions;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlTransactionJournalTests(PostgreSqlDatabases databases) : TransactionJournalTests(databases);
