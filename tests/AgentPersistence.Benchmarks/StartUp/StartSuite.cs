using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.StartUp;

internal static class StartSuite
{
    public static Comparison On(PostgreSqlDatabases databases) => On("first write of a process, PostgreSQL", databases, "postgresql");

    public static Comparison On(SqliteDatabases databases) => On("first write of a process, SQLite", databases, "sqlite");

    private static Comparison On(string work, IDatabases databases, string kind) => new(
        work,
        1,
        new StartedProcess("AgentPersistence", "library", databases, kind),
        [new(new StartedProcess("EF Core, uncompiled model", "ef", databases, kind), Target.AtMost(0.6))]);
}
