using AgentPersistence.ConformanceTests.Customers;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteCustomerContextStoreTests(SqliteDatabases databases) : CustomerContextStoreTests(databases);
