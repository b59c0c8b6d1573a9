using System.Globalization;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Conversations;

namespace AgentPersistence.Benchmarks.Conversations;

/// <summary>The threads that messages are appended to: as many as in the peers' scripts.</summary>
internal static class MessageThreads
{
    private const int Count = 50;

    public static async Task<Guid[]> CreateAsync(Agent agent)
    {
        var conversations = agent.Get<IConversationStore>();
        var threads = await Task.WhenAll(Enumerable.Range(0, Count).Select(
            n => conversations.GetOrCreateThreadAsync("telegram", n.ToString(CultureInfo.InvariantCulture))));
        return [.. threads.Select(thread => thread.Id)];
    }
}
