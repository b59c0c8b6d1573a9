using AgentPersistence.ConformanceTests.Customers;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlCustomerLostAnswerTests(PostgreSqlDatabases databases) : CustomerLostAnswerTests(databases);
