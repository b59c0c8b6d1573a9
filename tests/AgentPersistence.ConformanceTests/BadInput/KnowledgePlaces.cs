using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Knowledge;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class KnowledgePlaces
{
    private const string Table = "agent_knowledge_documents";

    private static NewKnowledgeDocument Given => new() { FileId = Guid.CreateVersion7().ToString(), Title = "title" };

    public static IEnumerable<Place> All =>
    [
        Place.Of("NewKnowledgeDocument.FileId", PlaceKind.Key, Table, async (agent, value) =>
            (await StoreAsync(agent, Given with { FileId = value! })).FileId),
        Place.Of("NewKnowledgeDocument.Title", PlaceKind.RequiredText, Table, async (agent, value) =>
            (await StoreAsync(agent, Given with { Title = value! })).Title),
        Place.Of("NewKnowledgeDocument.SourceUrl", PlaceKind.Text, Table, async (agent, value) =>
            (await StoreAsync(agent, Given with { SourceUrl = value })).SourceUrl),
        Place.Of("NewKnowledgeDocument.TopicCollection", PlaceKind.Name, Table, async (agent, value) =>
            (await StoreAsync(agent, Given with { TopicCollection = value })).TopicCollection),
        Place.Of("NewKnowledgeDocument.IngestedAt", PlaceKind.TimeOrNow, Table, async (agent, value) =>
            (DateTimeOffset?)(await StoreAsync(agent, Given with { IngestedAt = value })).IngestedAt),
        Place.Of("NewKnowledgeDocument.Metadata", PlaceKind.OptionalJson, Table, async (agent, value) =>
            (await StoreAsync(agent, Given with { Metadata = value })).Metadata),
        Place.Of("KnowledgeQuery.TopicCollection", PlaceKind.Name, Table, async (agent, value) =>
        {
            var query = new KnowledgeQuery { TopicCollection = value, Limit = 1 };
            await agent.Knowledge.QueryAsync(query);
            await StoreAsync(agent, Given with { TopicCollection = value });
            return value is null ? null : (await agent.Knowledge.QueryAsync(query)).Single().TopicCollection;
        }),
        Place.Lookup("FindAsync.fileId", Table, (agent, value) => agent.Knowledge.FindAsync(value)),
        Place.Lookup("RemoveAsync.fileId", Table, (agent, value) => agent.Knowledge.RemoveAsync(value)),
    ];

    private static async Task<KnowledgeDocument> StoreAsync(Agent agent, NewKnowledgeDocument document)
    {
        await agent.Knowledge.RegisterAsync(document);
        return (await agent.Knowledge.FindAsync(document.FileId))!;
    }
}
