using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.Peers;
using AgentPersistence.Tokens;

namespace AgentPersistence.Benchmarks.Tokens;

internal static class TokenSuite
{
    private const int Callers = 64;

    public static IEnumerable<Comparison> OnPostgreSql(PostgreSqlDatabases databases, PeerScripts? peers)
    {
        var rivals = new List<Rival> { new(InsertedTokens.On(databases), Target.AtLeast(1.8)) };
        if (peers is not null)
        {
            rivals.Add(new(PeerCompetitor.SavedMessages(peers), Target.AtLeast(3)));
        }

        var library = StoredByLibrary.On<ITokenLedger>(databases, tokens => tokens.LogAsync(TokenEntries.Next()), InsertedTokens.Count);
        yield return new("token log, PostgreSQL", Callers, library, rivals);
    }
}
