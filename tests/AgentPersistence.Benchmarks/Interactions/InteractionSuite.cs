using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.Peers;

namespace AgentPersistence.Benchmarks.Interactions;

internal static class InteractionSuite
{
    private const int Callers = 64;

    public static IEnumerable<Comparison> OnPostgreSql(PostgreSqlDatabases databases, PeerScripts? peers)
    {
        var rivals = new List<Rival> { new(InsertedInteractions.On(databases), Target.AtLeast(1.8)) };
        if (peers is not null)
        {
            rivals.Add(new(PeerCompetitor.SavedMessages(peers), Target.AtLeast(3)));
        }

        yield return new("interaction log, PostgreSQL", Callers, LoggedInteractions.On(databases), rivals);
    }
}
