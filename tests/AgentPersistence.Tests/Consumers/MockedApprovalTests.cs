using System.Text.Json;
using AgentPersistence.Approvals;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedApprovalTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly JsonElement Action = JsonElement.Parse("1");

    private static NewApproval Asked => new() { Id = Id, ProposalText = "Dispatch?", Action = Action };

    private readonly Mock<IApprovalStore> _approvals = new(MockBehavior.Strict);
    private readonly Dispatcher _dispatcher;

    public MockedApprovalTests() => _dispatcher = new Dispatcher(_approvals.Object);

    public static TheoryData<Exception, string> Refusals => new()
    {
        { new ApprovalNotApprovedException(Id, ApprovalStatus.Rejected), "not done: Rejected" },
        { new ApprovalConsumedException(Id, DateTimeOffset.UnixEpoch), "done before, in 1970" },
        { new ApprovalActionMismatchException(Id, "v1:a", "v1:b"), "asked again: Pending" },
    };

    [Theory]
    [InlineData(ApprovalStatus.Approved, "done, as mia has allowed")]
    [InlineData(ApprovalStatus.Pending, "nobody has decided")]
    public async Task The_store_can_be_mocked_to_decide_or_to_keep_waiting(ApprovalStatus status, string expected)
    {
        _approvals.Setup(a => a.CreateAsync(Asked, It.IsAny<CancellationToken>())).ReturnsAsync(new Approval { Id = Id });
        _approvals.Setup(a => a.WaitAsync(Id, TimeSpan.FromMinutes(5), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Approval { Id = Id, Status = status });
        _approvals.Setup(a => a.ConsumeAsync(Id, Action, It.IsAny<CancellationToken>())).ReturnsAsync(new Approval { DecidedBy = "mia" });

        Assert.Equal(expected, await _dispatcher.DispatchAsync(Id, Action));
    }

    [Fact]
    public async Task The_store_can_be_mocked_to_have_given_the_id_away()
    {
        _approvals.Setup(a => a.CreateAsync(Asked, It.IsAny<CancellationToken>())).ThrowsAsync(new DuplicateApprovalException(Id));

        Assert.Equal("something else was asked for", await _dispatcher.DispatchAsync(Id, Action));
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task The_store_can_be_mocked_to_refuse_a_consumption(Exception refusal, string expected)
    {
        _approvals.Setup(a => a.ConsumeAsync(Id, Action, It.IsAny<CancellationToken>())).ThrowsAsync(refusal);
        _approvals.Setup(a => a.SupersedeAsync(Id, It.IsAny<NewApproval>(), It.IsAny<CancellationToken>())).ReturnsAsync(new Approval());

        Assert.Equal(expected, await _dispatcher.TakeAsync(Id, Action));
    }

    [Fact]
    public async Task The_store_can_be_mocked_to_decide_once()
    {
        _approvals
            .SetupSequence(a => a.ResolveAsync(Id, ApprovalDecision.Approve, "mia", null, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Approval { Status = ApprovalStatus.Approved })
            .ThrowsAsync(new ApprovalConflictException(Id, ApprovalStatus.Rejected, "tom"))
            .ThrowsAsync(new ApprovalNotFoundException(Id));

        Assert.Equal("Approved", await _dispatcher.DecideAsync(Id, "mia"));
        Assert.Equal("tom was first: Rejected", await _dispatcher.DecideAsync(Id, "mia"));
        Assert.Equal("no such approval", await _dispatcher.DecideAsync(Id, "mia"));
    }
}
