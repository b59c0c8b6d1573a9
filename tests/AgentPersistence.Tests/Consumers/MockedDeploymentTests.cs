using AgentPersistence.Deployments;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedDeploymentTests
{
    private static readonly Guid Id = Guid.CreateVersion7();

    private readonly Mock<IDeploymentLog> _deployments = new(MockBehavior.Strict);
    private readonly ReleaseDesk _desk;

    public MockedDeploymentTests() => _desk = new ReleaseDesk(_deployments.Object);

    [Fact]
    public async Task The_log_can_be_mocked_to_create_to_know_it_already_or_to_conflict()
    {
        var deployment = new NewDeployment { Id = Id, GitSha = "f00d", Branch = "main" };
        _deployments.SetupSequence(d => d.CreateAsync(deployment, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Deployment { Id = Id })
            .ReturnsAsync(new Deployment { Id = Id, AlreadyStored = true })
            .ThrowsAsync(new DeploymentConflictException(Id));

        Assert.Equal("begun", await _desk.BeginAsync(Id, "f00d"));
        Assert.Equal("begun before", await _desk.BeginAsync(Id, "f00d"));
        Assert.Equal($"{Id} is another's", await _desk.BeginAsync(Id, "f00d"));
    }

    [Fact]
    public async Task The_log_can_be_mocked_to_move_a_deployment_on_or_to_refuse()
    {
        _deployments.SetupSequence(d => d.UpdateStatusAsync(Id, DeploymentStatus.Healthy, "up", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Deployment { Id = Id, Status = DeploymentStatus.Healthy })
            .ThrowsAsync(new DeploymentTransitionException(Id, DeploymentStatus.Failed, DeploymentStatus.Healthy))
            .ThrowsAsync(new DeploymentNotFoundException(Id));

        Assert.Equal("Healthy", await _desk.FinishAsync(Id, "up"));
        Assert.Equal("stays Failed", await _desk.FinishAsync(Id, "up"));
        Assert.Equal("never begun", await _desk.FinishAsync(Id, "up"));
    }

    [Fact]
    public async Task The_log_can_be_mocked_to_know_the_latest_healthy_one_or_none()
    {
        _deployments.SetupSequence(d => d.FindLatestHealthyAsync("main", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new Deployment { GitSha = "f00d" }).ReturnsAsync((Deployment?)null);

        Assert.Equal("f00d", await _desk.GoBackToAsync());
        Assert.Null(await _desk.GoBackToAsync());
    }
}
