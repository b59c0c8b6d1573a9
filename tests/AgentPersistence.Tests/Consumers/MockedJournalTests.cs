using AgentPersistence.Transactions;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedJournalTests
{
    private static readonly JournaledTransaction Booking = new() { Id = Guid.CreateVersion7(), Status = TransactionStatus.Completed };

    private readonly Mock<ITransactionJournal> _journal = new(MockBehavior.Strict);
    private readonly TripDesk _desk;

    public MockedJournalTests() => _desk = new TripDesk(_journal.Object);

    public static TheoryData<Exception, string> Refusals => new()
    {
        { new RollbackInFlightException(Booking.Id, TimeSpan.FromSeconds(2)), "ask again in 2 s" },
        { new LeaseLostException("transaction", "t", Guid.CreateVersion7()), "ask an operator" },
        { new TransactionNotFoundException(Booking.Id), "never booked" },
    };

    [Theory]
    [InlineData(false, "booked: Completed")]
    [InlineData(true, "booked before: Completed")]
    public async Task The_journal_can_be_mocked_to_begin_or_to_have_begun(bool alreadyBegun, string expected)
    {
        _journal.Setup(j => j.BeginAsync(It.Is<NewTransaction>(t => t.IdempotencyKey == "k"), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new TransactionReceipt(Booking, alreadyBegun));
        _journal.Setup(j => j.CompleteAsync(Booking.Id, It.IsAny<TransactionResult>(), It.IsAny<CancellationToken>())).ReturnsAsync(Booking);

        Assert.Equal(expected, await _desk.BookAsync("r", "k", () => "12A"));
    }

    [Fact]
    public async Task The_journal_can_be_mocked_to_conflict()
    {
        _journal.Setup(j => j.BeginAsync(It.IsAny<NewTransaction>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TransactionConflictException(Booking.Id, TransactionStatus.RolledBack, "it is late"));

        Assert.Equal("not booked: RolledBack", await _desk.BookAsync("r", "k", () => "12A"));
    }

    [Fact]
    public async Task The_journal_can_be_mocked_to_run_the_compensation()
    {
        var cancelled = new List<string>();
        SetupRollBack().Returns(async (Guid _, Func<Compensation, CancellationToken, Task> compensate, RollbackSettings? _, CancellationToken ct) =>
        {
            await compensate(new Compensation { Transaction = Booking }, ct);
            return new RollbackReceipt(Booking, AlreadyRolledBack: false);
        });

        Assert.Equal("cancelled", await _desk.CancelAsync(Booking.Id, cancelled.Add));
        Assert.Equal([$"undo:{Booking.Id}"], cancelled);
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task The_journal_can_be_mocked_to_throw_whatever_it_documents(Exception thrown, string expected)
    {
        SetupRollBack().ThrowsAsync(thrown);

        Assert.Equal(expected, await _desk.CancelAsync(Booking.Id, _ => { }));
    }

    [Fact]
    public async Task The_journal_can_be_mocked_to_stop_in_the_middle_of_a_run()
    {
        _journal
            .Setup(j => j.UndoRunAsync(
                "r", It.IsAny<Func<Compensation, IAgentTransaction, CancellationToken, Task>>(), null, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new RunUndo { RunId = "r", Remaining = [Booking.Id], Failure = new TimeoutException("closed") });

        Assert.Equal("1 left: closed", await _desk.CancelTripAsync("r"));
    }

    private Moq.Language.Flow.ISetup<ITransactionJournal, Task<RollbackReceipt>> SetupRollBack() => _journal.Setup(j => j.RollBackAsync(
        Booking.Id, It.IsAny<Func<Compensation, CancellationToken, Task>>(), null, It.IsAny<CancellationToken>()));
}
