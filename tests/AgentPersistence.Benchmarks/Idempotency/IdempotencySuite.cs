using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;

namespace AgentPersistence.Benchmarks.Idempotency;

internal static class IdempotencySuite
{
    public static IEnumerable<Comparison> OnPostgreSql(PostgreSqlDatabases databases)
    {
        var target = Target.AtMost(1.2);
        foreach (var callers in (int[])[1, 64])
        {
            yield return new(
                "idempotent execute, PostgreSQL", callers, ExecutedOperations.On(databases), [new(TwoRoundTrips.On(databases), target)]);
            yield return new("replay, PostgreSQL", callers, Replays.On(databases), [new(OneRoundTrip.On(databases), target)]);
        }
    }
}
