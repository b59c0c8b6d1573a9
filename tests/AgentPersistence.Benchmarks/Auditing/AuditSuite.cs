using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Auditing;

internal static class AuditSuite
{
    public static IEnumerable<Comparison> OnPostgreSql(PostgreSqlDatabases databases)
    {
        Comparison With(int callers, Target target, params Rival[] more) => new(
            "audit write, PostgreSQL", callers, LoggedAudit.On(databases), [new(InsertedAudit.On(databases), target), .. more]);
        yield return With(1, Target.AtMost(1.25));
        yield return With(64, Target.AtLeast(2.5));
        yield return With(256, Target.AtLeast(3.5));
        yield return With(1_024, Target.AtLeast(4), new Rival(CopiedAudit.On(databases), Target.AtLeast(0.7)));
    }

    public static IEnumerable<Comparison> OnSqlite(SqliteDatabases databases)
    {
        Comparison With(int callers, Target target, params Rival[] more) => new(
            "audit write, SQLite", callers, LoggedAudit.On(databases), [new(SqliteAudit.On(databases, rowsOfCommit: 1), target), .. more]);
        yield return With(64, Target.AtLeast(6));
        yield return With(1_024, Target.AtLeast(9), new Rival(SqliteAudit.On(databases, rowsOfCommit: 1_000), Target.AtLeast(0.7)));
    }
}
