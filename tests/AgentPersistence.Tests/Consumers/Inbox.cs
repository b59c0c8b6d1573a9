using System.Text.Json;
using AgentPersistence.Conversations;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host takes in what a chat platform delivers, and what was said in a voice message.</summary>
internal sealed class Inbox(IConversationStore conversations)
{
    public async Task<string> ReceiveAsync(string chatId, string messageId, string text)
    {
        var thread = await conversations.GetOrCreateThreadAsync("telegram", chatId);
        try
        {
            var message = await conversations.AppendAsync(
                thread.Id, new NewMessage { Role = MessageRole.User, Text = text, PlatformMessageId = messageId });
            return message.AlreadyStored ? "seen before" : $"new: {message.Sequence}";
        }
        catch (MessageConflictException conflict)
        {
            return $"{conflict.PlatformMessageId} was edited";
        }
        catch (ChatThreadNotFoundException)
        {
            return "the chat was deleted";
        }
    }

    public async Task<bool> TranscribeAsync(Guid messageId, JsonElement transcript)
    {
        try
        {
            var artifact = new NewArtifact { Kind = ArtifactKind.VoiceTranscript, Content = transcript };
            await conversations.AddArtifactAsync(messageId, artifact);
            return true;
        }
        catch (ChatMessageNotFoundException)
        {
            return false;
        }
    }

    public async Task<bool> CorrectAsync(Guid artifactId, JsonElement transcript)
    {
        try
        {
            await conversations.UpdateArtifactAsync(artifactId, new ArtifactUpdate { Content = transcript });
            return true;
        }
        catch (MessageArtifactNotFoundException)
        {
            return false;
        }
    }
}
