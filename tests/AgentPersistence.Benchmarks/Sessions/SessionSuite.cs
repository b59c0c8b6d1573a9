using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.Peers;

namespace AgentPersistence.Benchmarks.Sessions;

internal static class SessionSuite
{
    public static IEnumerable<Comparison> OnPostgreSql(PostgreSqlDatabases databases, PeerScripts? peers)
    {
        Comparison With(int callers, Target target)
        {
            var rivals = new List<Rival> { new(UpdatedSessions.On(databases), target) };
            if (peers is not null)
            {
                var langGraph = new PeerCompetitor("LangGraph checkpoint put", peers, "langgraph-pg", "langgraph", "checkpoint put");
                rivals.Add(new(langGraph, Target.AtLeast(3)));
            }

            return new("session save, PostgreSQL", callers, SavedSessions.On(databases), rivals);
        }

        yield return With(1, Target.AtMost(1.15));
        yield return With(64, Target.AtLeast(1));
    }
}
