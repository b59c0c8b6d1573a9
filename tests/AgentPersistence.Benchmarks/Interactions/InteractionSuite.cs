using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.Peers;
using AgentPersistence.Interactions;

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

        var library = StoredByLibrary.On<IInteractionLog>(
            databases, interactions => interactions.LogAsync(InteractionSamples.Next()), InsertedInteractions.Count);
        yield return new("interaction log, PostgreSQL", Callers, library, rivals);
    }
}
