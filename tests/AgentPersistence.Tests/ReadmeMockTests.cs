using AgentPersistence.Auditing;
using Moq;

namespace AgentPersistence.Tests;

public sealed class ReadmeMockTests
{
    [Fact]
    public async Task The_mock_that_the_README_shows_is_enough_for_a_consumer()
    {
        // <readme>
        var audit = new Mock<IAuditLogger>();
        audit.Setup(a => a.LogAsync(It.IsAny<AuditEntry>(), default)).ReturnsAsync(new AuditReceipt(Guid.NewGuid(), 1, false));
        await new RefundTool(audit.Object).RunAsync(amount: 40);
        // </readme>

        audit.Verify(a => a.LogAsync(It.Is<AuditEntry>(e => e.Action == "refund 40"), It.IsAny<CancellationToken>()), Times.Once);
    }

    private sealed class RefundTool(IAuditLogger audit)
    {
        public Task RunAsync(int amount) => audit.LogAsync(new AuditEntry { Action = $"refund {amount}" });
    }
}
