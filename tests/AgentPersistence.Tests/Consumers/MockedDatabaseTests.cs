using AgentPersistence.Auditing;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedDatabaseTests
{
    private readonly Mock<IAgentDatabase> _database = new();
    private readonly Mock<IAgentTransaction> _transaction = new() { DefaultValue = DefaultValue.Mock };
    private readonly Mock<IAuditVerifier> _verifier = new();
    private readonly Mock<IAuditMaintenance> _maintenance = new();
    private readonly Ledger _ledger;

    public MockedDatabaseTests()
    {
        _database.Setup(d => d.BeginTransactionAsync(It.IsAny<CancellationToken>())).ReturnsAsync(_transaction.Object);
        _ledger = new Ledger(_database.Object, _verifier.Object, _maintenance.Object);
    }

    [Fact]
    public async Task A_transaction_can_be_mocked_with_the_stores_in_it()
    {
        await _ledger.BookAsync("r");

        Mock.Get(_transaction.Object.Audit).Verify(
            a => a.LogAsync(new AuditEntry { RunId = "r", Action = "book" }, It.IsAny<CancellationToken>()));
        Mock.Get(_transaction.Object.Metrics).Verify(
            m => m.RecordRunAsync(new RunMetrics { RunId = "r", FinalOutcome = "booked" }, It.IsAny<CancellationToken>()));
        _transaction.Verify(t => t.CommitAsync(It.IsAny<CancellationToken>()), Times.Once);
        _transaction.Verify(t => t.DisposeAsync(), Times.Once);
    }

    [Fact]
    public async Task A_transaction_can_be_mocked_to_fail_before_it_commits()
    {
        Mock.Get(_transaction.Object.Audit)
            .Setup(a => a.LogAsync(It.IsAny<AuditEntry>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new AgentPersistenceException("unreachable"));

        await Assert.ThrowsAsync<AgentPersistenceException>(() => _ledger.BookAsync("r"));

        _transaction.Verify(t => t.CommitAsync(It.IsAny<CancellationToken>()), Times.Never);
        _transaction.Verify(t => t.DisposeAsync(), Times.Once);
    }

    [Fact]
    public async Task The_database_can_be_mocked_to_be_up_to_date_or_behind()
    {
        _database.SetupSequence(d => d.GetPendingMigrationsAsync(It.IsAny<CancellationToken>())).ReturnsAsync([]).ReturnsAsync(["Next"]);

        Assert.True(await _ledger.IsReadyAsync());
        Assert.False(await _ledger.IsReadyAsync());
    }

    [Fact]
    public async Task The_verifier_can_be_mocked_to_find_the_log_intact_or_tampered_with()
    {
        var kept = new AuditCheckpoint(9, new string('0', 64), DateTimeOffset.UnixEpoch);
        _verifier.SetupSequence(v => v.VerifyAgainstAsync(kept, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AuditVerification(true, 9, null, null))
            .ReturnsAsync(new AuditVerification(false, 3, 4, "changed row"));

        Assert.Equal("intact", await _ledger.InspectAsync(kept));
        Assert.Equal("4: changed row", await _ledger.InspectAsync(kept));
    }

    [Fact]
    public async Task The_maintenance_can_be_mocked_to_erase_and_prune()
    {
        var kept = new AuditCheckpoint(9, new string('0', 64), DateTimeOffset.UnixEpoch);
        _maintenance.Setup(m => m.EraseAsync(AuditErasure.ByUser("u"), It.IsAny<CancellationToken>())).ReturnsAsync(2);
        _verifier.Setup(v => v.CreateCheckpointAsync(It.IsAny<CancellationToken>())).ReturnsAsync(kept);

        Assert.Same(kept, await _ledger.ForgetAsync("u", 5));

        _maintenance.Verify(m => m.EraseAsync(AuditErasure.ByUser("u"), It.IsAny<CancellationToken>()), Times.Once);
        _maintenance.Verify(m => m.PruneAsync(5, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public void The_builder_can_be_mocked_for_an_extension_of_it()
    {
        var services = new ServiceCollection();
        var builder = new Mock<IAgentPersistenceBuilder>();
        builder.SetupGet(b => b.Services).Returns(services);

        builder.Object.Services.AddSingleton(new Mock<ISessionStore>().Object);

        Assert.Single(services);
    }

    [Fact]
    public void Every_public_interface_is_mocked_here_and_every_exception_thrown()
    {
        var consumers = Path.Combine("tests", "AgentPersistence.Tests", "Consumers");
        var source = string.Concat(SolutionFiles.Code(consumers).Select(SolutionFiles.Read));

        Assert.All(typeof(IAgentDatabase).Assembly.GetExportedTypes(), type =>
        {
            if (type.IsInterface)
            {
                Assert.Contains($"Mock<{type.Name}>", source, StringComparison.Ordinal);
            }

            if (type.IsAssignableTo(typeof(Exception)))
            {
                Assert.Contains($"new {type.Name}(", source, StringComparison.Ordinal);
            }
        });
    }
}
