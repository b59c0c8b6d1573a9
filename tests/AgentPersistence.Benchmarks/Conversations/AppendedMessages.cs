using System.Globalization;
using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Conversations;

namespace AgentPersistence.Benchmarks.Conversations;

/// <summary>The library: one message a call, spread over some threads.</summary>
internal sealed class AppendedMessages : IWork
{
    private readonly Agent _agent;
    private readonly IConversationStore _conversations;
    private readonly Guid[] _threads;
    private long _next;

    private AppendedMessages(Agent agent, Guid[] threads)
    {
        _agent = agent;
        _conversations = agent.Get<IConversationStore>();
        _threads = threads;
    }

    public static DatabaseCompetitor On(IDatabases databases) => new(
        "AgentPersistence",
        databases,
        async (connectionString, _) =>
        {
            var agent = new Agent(databases, connectionString);
            return new AppendedMessages(agent, await MessageThreads.CreateAsync(agent));
        });

    public async Task<int> RunAsync(int caller)
    {
        var number = Interlocked.Increment(ref _next);
        await _conversations.AppendAsync(_threads[number % _threads.Length], new NewMessage
        {
            Role = number % 2 == 0 ? MessageRole.User : MessageRole.Assistant,
            Text = MessageTexts.At(number),
            AuthorUserId = "mia",
            PlatformMessageId = number.ToString(CultureInfo.InvariantCulture),
        });
        return 1;
    }

    public async Task<long> CountStoredAsync()
    {
        var heads = await Task.WhenAll(_threads.Select(id => _conversations.FindThreadAsync(id)));
        return heads.Sum(thread => thread!.HeadSequence);
    }

    public ValueTask DisposeAsync() => _agent.DisposeAsync();
}
