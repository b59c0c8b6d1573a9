using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;

namespace AgentPersistence.ConformanceTests.Conversations;

/// <summary>What the suites of conversations have in common.</summary>
public abstract class ConversationTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected IConversationStore Conversations => Agent.Conversations;

    protected async Task<Guid> NewThreadAsync() =>
        (await Conversations.GetOrCreateThreadAsync("test", NewId("chat"), Cancellation)).Id;

    /// <summary>All texts of a thread in their order, read page by page, after it is shown that the sequences are 1..n.</summary>
    protected async Task<List<string?>> TextsAsync(Guid threadId)
    {
        var read = new List<ChatMessage>();
        while (await Conversations.ReadMessagesAsync(threadId, read.Count, 7, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(1, read.Count).Select(i => (long)i), read.Select(m => m.Sequence));
        Assert.Equal(read.Count, (await Conversations.FindThreadAsync(threadId, Cancellation))?.HeadSequence ?? 0);
        return read.ConvertAll(m => m.Text);
    }

    protected static NewMessage Said(string text, string? platformMessageId = null) =>
        new() { Role = MessageRole.User, Text = text, PlatformMessageId = platformMessageId };

    protected static JsonElement Json(string text) => JsonElement.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = true });
}
