using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.Peers;

namespace AgentPersistence.Benchmarks.Conversations;

internal static class MessageSuite
{
    private const int Callers = 64;

    public static IEnumerable<Comparison> OnPostgreSql(PostgreSqlDatabases databases, PeerScripts? peers)
    {
        var rivals = new List<Rival> { new(InsertedMessages.On(databases), Target.AtLeast(1.8)) };
        if (peers is not null)
        {
            rivals.Add(new(PeerCompetitor.SavedMessages(peers), Target.AtLeast(3)));
        }

        yield return new("message append, PostgreSQL", Callers, AppendedMessages.On(databases), rivals);
    }
}
