using AgentPersistence.Knowledge;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedKnowledgeTests
{
    [Fact]
    public async Task The_registry_can_be_mocked_to_know_register_and_remove_documents()
    {
        var knowledge = new Mock<IKnowledgeRegistry>(MockBehavior.Strict);
        knowledge.Setup(k => k.QueryAsync(new KnowledgeQuery { TopicCollection = "fees" }, It.IsAny<CancellationToken>()))
            .ReturnsAsync([new KnowledgeDocument { FileId = "old" }, new KnowledgeDocument { FileId = "kept" }]);
        knowledge.Setup(k => k.RegisterAsync(It.IsAny<NewKnowledgeDocument>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((NewKnowledgeDocument given, CancellationToken _) => new KnowledgeDocument { Title = $"{given.Title} registered" });
        knowledge.Setup(k => k.RemoveAsync("old", It.IsAny<CancellationToken>())).ReturnsAsync(true);

        Assert.Equal(["kept registered", "new registered"], await new Library(knowledge.Object).ReplaceAsync("fees", "kept", "new"));

        knowledge.Verify(k => k.RemoveAsync("old", It.IsAny<CancellationToken>()), Times.Once);
    }
}
