using AgentPersistence.ConformanceTests.Database;
using AgentPersistence.ConformanceTests.Infrastructure;

namespace AgentPersistence.ConformanceTests.Sqlite;

public sealed class SqliteDisposalTests(SqliteDatabases databases) : DisposalTests(databases);
