using System.Text.Json;
using AgentPersistence.Conversations;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedConversationTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly JsonElement Transcript = JsonElement.Parse("\"hello\"");

    private readonly Mock<IConversationStore> _conversations = new(MockBehavior.Strict);
    private readonly Inbox _inbox;

    public MockedConversationTests()
    {
        _conversations.Setup(c => c.GetOrCreateThreadAsync("telegram", "7", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new ChatThread { Id = Id, Platform = "telegram", ChatId = "7" });
        _inbox = new Inbox(_conversations.Object);
    }

    public static TheoryData<Exception, string> Refusals => new()
    {
        { new MessageConflictException(Id, "42"), "42 was edited" },
        { new ChatThreadNotFoundException(Id), "the chat was deleted" },
    };

    [Theory]
    [InlineData(false, "new: 3")]
    [InlineData(true, "seen before")]
    public async Task The_store_can_be_mocked_to_append_or_to_have_the_message_already(bool alreadyStored, string expected)
    {
        var message = new NewMessage { Role = MessageRole.User, Text = "hi", PlatformMessageId = "42" };
        _conversations.Setup(c => c.AppendAsync(Id, message, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new ChatMessage { Id = Id, Sequence = 3, AlreadyStored = alreadyStored });

        Assert.Equal(expected, await _inbox.ReceiveAsync("7", "42", "hi"));
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task The_store_can_be_mocked_to_refuse_a_message(Exception refusal, string expected)
    {
        _conversations.Setup(c => c.AppendAsync(Id, It.IsAny<NewMessage>(), It.IsAny<CancellationToken>())).ThrowsAsync(refusal);

        Assert.Equal(expected, await _inbox.ReceiveAsync("7", "42", "hi"));
    }

    [Fact]
    public async Task The_store_can_be_mocked_to_keep_artifacts_or_to_know_nothing_of_them()
    {
        var artifact = new NewArtifact { Kind = ArtifactKind.VoiceTranscript, Content = Transcript };
        _conversations.SetupSequence(c => c.AddArtifactAsync(Id, artifact, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new MessageArtifact { Id = Id }).ThrowsAsync(new ChatMessageNotFoundException(Id));
        _conversations
            .SetupSequence(c => c.UpdateArtifactAsync(Id, new ArtifactUpdate { Content = Transcript }, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new MessageArtifact { Id = Id }).ThrowsAsync(new MessageArtifactNotFoundException(Id));

        Assert.True(await _inbox.TranscribeAsync(Id, Transcript));
        Assert.False(await _inbox.TranscribeAsync(Id, Transcript));
        Assert.True(await _inbox.CorrectAsync(Id, Transcript));
        Assert.False(await _inbox.CorrectAsync(Id, Transcript));
    }
}
