using AgentPersistence.Interactions;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedInteractionTests
{
    private static readonly Guid Id = Guid.CreateVersion7();

    private readonly Mock<IInteractionLog> _interactions = new(MockBehavior.Strict);
    private readonly HelpLine _line;

    public MockedInteractionTests() => _line = new HelpLine(_interactions.Object);

    [Fact]
    public async Task The_log_can_be_mocked_to_log()
    {
        _interactions.Setup(i => i.LogAsync(It.Is<NewInteraction>(n => n.Outcome == InteractionOutcome.Escalated), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Interaction { Id = Id });

        Assert.Equal(Id, await _line.AnswerAsync("a human, please", null));
    }

    [Fact]
    public async Task The_log_can_be_mocked_to_escalate_or_to_refuse()
    {
        _interactions.SetupSequence(i => i.EscalateAsync(Id, It.Is<NewEscalation>(e => e.Id == Id), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Escalation { TriggerType = "human_only" })
            .ThrowsAsync(new InteractionNotFoundException(Id))
            .ThrowsAsync(new EscalationConflictException(Id));

        Assert.Equal("human_only", await _line.HandOverAsync(Id, Id));
        Assert.Equal("nothing to hand over", await _line.HandOverAsync(Id, Id));
        Assert.Equal($"{Id} is another's", await _line.HandOverAsync(Id, Id));
    }

    [Fact]
    public async Task The_log_can_be_mocked_to_sum_up()
    {
        var since = DateTimeOffset.UnixEpoch;
        _interactions.Setup(i => i.GetMetricsAsync(new InteractionMetricsQuery { From = since }, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new InteractionMetrics { Totals = new InteractionCounts(4, 3) });

        Assert.Equal(0.75, await _line.ResolvedRateAsync(since));
    }
}
