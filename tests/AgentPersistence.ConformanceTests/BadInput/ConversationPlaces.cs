using System.Text.Json;
using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Conversations;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class ConversationPlaces
{
    private const string Threads = "agent_chat_threads";
    private const string Messages = "agent_chat_messages";
    private const string Artifacts = "agent_message_artifacts";

    public static IEnumerable<Place> All =>
    [
        Place.Of("GetOrCreateThreadAsync.platform", PlaceKind.Key, Threads, async (agent, value) =>
        {
            var thread = await agent.Conversations.GetOrCreateThreadAsync(value!, NewChat());
            return (await agent.Conversations.FindThreadAsync(value!, thread.ChatId))?.Platform;
        }),
        Place.Of("GetOrCreateThreadAsync.chatId", PlaceKind.Key, Threads, async (agent, value) =>
        {
            var thread = await agent.Conversations.GetOrCreateThreadAsync(NewChat(), value!);
            return (await agent.Conversations.FindThreadAsync(thread.Platform, value!))?.ChatId;
        }),
        Place.Lookup("FindThreadAsync.platform", Threads, (agent, value) => agent.Conversations.FindThreadAsync(value, "1")),
        Place.Lookup("FindThreadAsync.chatId", Threads, (agent, value) => agent.Conversations.FindThreadAsync("test", value)),
        Place.Lookup(
            "FindMessageAsync.platformMessageId", Messages, (agent, value) => agent.Conversations.FindMessageAsync(Guid.Empty, value)),
        Message("NewMessage.Text", PlaceKind.Text, value => new() { Role = MessageRole.User, Text = (string?)value }, m => m.Text),
        Message(
            "NewMessage.AuthorUserId",
            PlaceKind.OptionalKey,
            value => new() { Role = MessageRole.User, AuthorUserId = (string?)value },
            m => m.AuthorUserId),
        Message(
            "NewMessage.PlatformMessageId",
            PlaceKind.OptionalKey,
            value => new() { Role = MessageRole.User, PlatformMessageId = (string?)value },
            m => m.PlatformMessageId),
        Message(
            "NewMessage.RawPayload",
            PlaceKind.OptionalJson,
            value => new() { Role = MessageRole.Tool, RawPayload = (JsonElement?)value },
            m => m.RawPayload),
        new Place("NewArtifact.Content", PlaceKind.OptionalJson, Artifacts, async agent =>
        {
            var message = await NewMessageAsync(agent);
            return async value =>
            {
                await agent.Conversations.AddArtifactAsync(
                    message, new() { Kind = ArtifactKind.ToolResult, Content = (JsonElement?)value, Uri = "u:" });
                return (await agent.Conversations.GetArtifactsAsync(message)).Single().Content;
            };
        }),
        new Place("ArtifactUpdate.Content", PlaceKind.OptionalJson, Artifacts, async agent =>
        {
            var message = await NewMessageAsync(agent);
            var artifact = await agent.Conversations.AddArtifactAsync(message, new() { Kind = ArtifactKind.FileMeta, Uri = "u:" });
            return async value =>
            {
                await agent.Conversations.UpdateArtifactAsync(
                    artifact.Id, new() { Content = (JsonElement?)value, Uri = "u:" });
                return (await agent.Conversations.GetArtifactsAsync(message)).Single().Content;
            };
        }),
    ];

    /// <summary>A member of a message, in a thread of its own.</summary>
    private static Place Message(string name, PlaceKind kind, Func<object?, NewMessage> make, Func<ChatMessage, object?> member) =>
        new(name, kind, Messages, async agent =>
        {
            var thread = await agent.Conversations.GetOrCreateThreadAsync("test", NewChat());
            return async value =>
            {
                var stored = await agent.Conversations.AppendAsync(thread.Id, make(value));
                return member((await agent.Conversations.FindMessageAsync(stored.Id))!);
            };
        });

    private static async Task<Guid> NewMessageAsync(Agent agent)
    {
        var thread = await agent.Conversations.GetOrCreateThreadAsync("test", NewChat());
        return (await agent.Conversations.AppendAsync(thread.Id, new NewMessage { Role = MessageRole.User })).Id;
    }

    private static string NewChat() => $"chat-{Guid.CreateVersion7()}";
}
