using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Knowledge;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Documents of fifty collections, one in ten of them synthetic.</summary>
internal static class KnowledgeGrowth
{
    private const int Collections = 50;

    public static GrowingTable Table { get; } = new("knowledge", FillAsync,
    [
        Calling("find", (registry, rows) => registry.FindAsync(FileId(Numbered.Any(rows)))),
        Querying("by type", new KnowledgeQuery { ContentType = KnowledgeContentType.Synthetic }),
        Querying("by collection", new KnowledgeQuery { TopicCollection = "topic-7" }),
        Querying("by both", new KnowledgeQuery { ContentType = KnowledgeContentType.Synthetic, TopicCollection = "topic-10" }),
        Querying("newest", new KnowledgeQuery()),
        Calling("register", (registry, _) => registry.RegisterAsync(New(Guid.NewGuid().ToString("N")))) with { Adds = true },
        Calling("register again", (registry, rows) => registry.RegisterAsync(New(FileId(Numbered.Any(rows))))) with { Adds = true },
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var sql = databases.Sql;
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_knowledge_documents (id, file_id, title, source_url, content_type, topic_collection, ingested_at)
            SELECT {sql.Id("n")}, {sql.Hex(FillingSql.Scatter("n"))}, 'Fees of a current account', 'https://bank.example/fees',
                CASE WHEN n % 10 = 0 THEN 'synthetic' ELSE 'public' END, 'topic-' || (n % {Collections}), {sql.At("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Querying(string name, KnowledgeQuery query) => Calling(name, (registry, _) => registry.QueryAsync(query));

    private static Operation Calling(string name, Func<IKnowledgeRegistry, long, Task> call) => Operation.On(name, call);

    private static NewKnowledgeDocument New(string fileId) => new()
    {
        FileId = fileId,
        Title = "Fees of a current account",
        ContentType = KnowledgeContentType.Public,
        TopicCollection = "topic-7",
    };

    private static string FileId(long number) => Numbered.Hex(FillingSql.Scatter(number));
}
