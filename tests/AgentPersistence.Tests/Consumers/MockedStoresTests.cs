using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using Moq;

namespace AgentPersistence.Tests.Consumers;

/// <summary>What a host's unit tests look like: every store is mocked in a line, whatever it answers or throws.</summary>
public sealed class MockedStoresTests
{
    private static readonly JsonElement State = JsonElement.Parse("{}");
    private static readonly Guid EntryId = Guid.CreateVersion7();

    private readonly Mock<IAuditLogger> _audit = new(MockBehavior.Strict);
    private readonly Mock<IMetricsRecorder> _metrics = new(MockBehavior.Strict);
    private readonly Mock<ISessionStore> _sessions = new(MockBehavior.Strict);
    private readonly Mock<IIdempotencyCache> _idempotency = new(MockBehavior.Strict);
    private readonly Mock<ICustomerContextStore> _customers = new(MockBehavior.Strict);
    private readonly RefundDesk _desk;

    public MockedStoresTests() =>
        _desk = new RefundDesk(_audit.Object, _metrics.Object, _sessions.Object, _idempotency.Object, _customers.Object);

    public static TheoryData<Exception, string> RefundFailures => new()
    {
        { new IdempotencyInFlightException("k", TimeSpan.FromSeconds(2)), "come back in 2 s" },
        { new IdempotencyFailedException("k", "too late"), "refused: too late" },
        { new IdempotencyMismatchException("k"), "another refund has this number" },
        { new IdempotencyIndeterminateException("k"), "ask an operator" },
        { new LeaseLostException("idempotency key", "k", Guid.CreateVersion7()), "ask an operator" },
        { new WriteInDoubtException("idempotency key", "k"), "ask an operator" },
        { new IdempotencyNotStartedException("k", "bank closed"), "not tried: bank closed" },
    };

    public static TheoryData<Exception, long> SaveFailures => new()
    {
        { new SessionConflictException("s", 3, 5), 5 },
        { new SessionEndedException("s", SessionStatus.Expired), -1 },
        { new SessionNotFoundException("s"), 1 },
    };

    [Fact]
    public async Task The_idempotency_cache_can_be_mocked_to_run_the_operation()
    {
        _idempotency
            .Setup(c => c.ExecuteAsync(
                It.Is<IdempotencyRequest>(r => r.Scope == "refunds"),
                It.IsAny<Func<CancellationToken, Task<string>>>(),
                It.IsAny<CancellationToken>()))
            .Returns((IdempotencyRequest _, Func<CancellationToken, Task<string>> pay, CancellationToken token) => pay(token));

        Assert.Equal("paid", await _desk.RefundAsync("c", "o", _ => Task.FromResult("paid")));
    }

    [Fact]
    public async Task The_idempotency_cache_can_be_mocked_to_replay_without_running_it()
    {
        SetupRefund().ReturnsAsync("paid before");

        Assert.Equal("paid before", await _desk.RefundAsync("c", "o", _ => throw new InvalidOperationException("ran")));
    }

    [Theory]
    [MemberData(nameof(RefundFailures), DisableDiscoveryEnumeration = true)]
    public async Task The_idempotency_cache_can_be_mocked_to_throw_whatever_it_documents(Exception thrown, string answer)
    {
        SetupRefund().ThrowsAsync(thrown);
        _customers
            .Setup(c => c.RecordInteractionAsync("c", new CustomerInteraction { Denied = true }, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new CustomerContext { CustomerId = "c", TotalDenials = 1 });

        Assert.Equal(answer, await _desk.RefundAsync("c", "o", _ => Task.FromResult("paid")));
    }

    [Fact]
    public async Task The_idempotency_cache_can_be_mocked_to_settle_by_an_operators_word()
    {
        var resolution = new IdempotencyResolution(IdempotencyState.Failed, Error: "not paid");
        _idempotency.Setup(c => c.ResolveAsync("o", resolution, "refunds", It.IsAny<CancellationToken>())).ReturnsAsync(true);

        Assert.Equal("settled", await _desk.ResolveAsync("o", paid: false));
    }

    [Fact]
    public async Task The_session_store_can_be_mocked_to_save()
    {
        SetupSave().ReturnsAsync(new AgentSession { Id = "s", Version = 4 });

        Assert.Equal(4, await _desk.RememberAsync("s", State, 3));
    }

    [Theory]
    [MemberData(nameof(SaveFailures), DisableDiscoveryEnumeration = true)]
    public async Task The_session_store_can_be_mocked_to_throw_whatever_it_documents(Exception thrown, long version)
    {
        SetupSave().ThrowsAsync(thrown);
        _sessions.Setup(s => s.CreateAsync(It.Is<NewSession>(n => n.Id == "s"), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AgentSession { Id = "s", Version = 1 });

        Assert.Equal(version, await _desk.RememberAsync("s", State, 3));
    }

    [Fact]
    public async Task The_session_store_can_be_mocked_to_find_the_id_taken()
    {
        SetupSave().ThrowsAsync(new SessionNotFoundException("s"));
        _sessions.Setup(s => s.CreateAsync(It.IsAny<NewSession>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new DuplicateSessionException("s"));

        Assert.Equal(0, await _desk.RememberAsync("s", State, 3));
    }

    [Fact]
    public async Task The_audit_log_can_be_mocked_to_complete_an_entry()
    {
        _audit
            .Setup(a => a.CompleteAsync(EntryId, new AuditOutcome(AuditStatus.Failure, null, "no"), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new AuditReceipt(EntryId, 7, AlreadyLogged: false));

        Assert.Equal($"closed as {EntryId}", await _desk.CloseAsync(EntryId, "no"));
    }

    [Fact]
    public async Task The_audit_log_can_be_mocked_to_throw_whatever_it_documents()
    {
        _audit.SetupSequence(a => a.CompleteAsync(EntryId, It.IsAny<AuditOutcome>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new AuditConflictException(EntryId, AuditStatus.RolledBack))
            .ThrowsAsync(new AuditEntryNotFoundException(EntryId));

        Assert.Equal("closed before as RolledBack", await _desk.CloseAsync(EntryId, null));
        Assert.Equal("never opened", await _desk.CloseAsync(EntryId, null));
    }

    [Fact]
    public async Task The_customer_context_can_be_mocked_to_be_set_or_to_conflict()
    {
        _customers.SetupSequence(c => c.SetAsync("c", It.IsAny<CustomerContextUpdate>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new CustomerContext { CustomerId = "c", Version = 4 })
            .ThrowsAsync(new CustomerConflictException("c", 3, 9));

        Assert.Equal(4, await _desk.ForgiveAsync("c", 3));
        Assert.Equal(-9, await _desk.ForgiveAsync("c", 3));
    }

    [Fact]
    public async Task The_metrics_can_be_mocked_to_be_recorded_and_summed_up()
    {
        var run = new RunMetrics { RunId = "r", JourneyName = "refund", FinalOutcome = "paid" };
        _metrics.Setup(m => m.RecordRunAsync(run, It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        _metrics.Setup(m => m.SummarizeRunsAsync(It.Is<RunQuery>(q => q.JourneyName == "refund"), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new RunSummary { TotalRuns = 2, P50DurationMs = 1.5 });

        await _desk.FinishAsync("r", "paid");

        Assert.Equal(1.5, await _desk.TypicalDurationAsync());
        _metrics.Verify(m => m.RecordRunAsync(run, It.IsAny<CancellationToken>()), Times.Once);
    }

    private Moq.Language.Flow.ISetup<IIdempotencyCache, Task<string>> SetupRefund() => _idempotency.Setup(c => c.ExecuteAsync(
        It.IsAny<IdempotencyRequest>(), It.IsAny<Func<CancellationToken, Task<string>>>(), It.IsAny<CancellationToken>()));

    private Moq.Language.Flow.ISetup<ISessionStore, Task<AgentSession>> SetupSave() =>
        _sessions.Setup(s => s.SaveStateAsync("s", It.Is<SessionUpdate>(u => u.ExpectedVersion == 3), It.IsAny<CancellationToken>()));
}
