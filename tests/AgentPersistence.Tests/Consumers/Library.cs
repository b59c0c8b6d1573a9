using AgentPersistence.Knowledge;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host keeps its assistant's documents in step with what it has uploaded.</summary>
internal sealed class Library(IKnowledgeRegistry knowledge)
{
    public async Task<IReadOnlyList<string>> ReplaceAsync(string topic, params IReadOnlyList<string> fileIds)
    {
        var known = await knowledge.QueryAsync(new KnowledgeQuery { TopicCollection = topic });
        foreach (var gone in known.Where(d => !fileIds.Contains(d.FileId)))
        {
            await knowledge.RemoveAsync(gone.FileId);
        }

        var titles = new List<string>();
        foreach (var fileId in fileIds)
        {
            titles.Add((await knowledge.RegisterAsync(new NewKnowledgeDocument { FileId = fileId, Title = fileId, TopicCollection = topic })).Title);
        }

        return titles;
    }
}
