using AgentPersistence.ConformanceTests.Customers;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.PostgreSql;

public sealed class PostgreSqlCustomerContextStoreTests(PostgreSqlDatabases databases) : CustomerContextStoreTests(databases);
