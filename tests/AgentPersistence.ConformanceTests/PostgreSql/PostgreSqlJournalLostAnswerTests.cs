using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.ConformanceTests.Transactions;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlJournalLostAnswerTests(PostgreSqlDatabases databases) : JournalLostAnswerTests(databases);
