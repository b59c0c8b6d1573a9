using System.Text.Json;
using AgentPersistence.Tokens;
using Moq;

namespace AgentPersistence.Tests.Consumers;

public sealed class MockedTokenTests
{
    private static readonly Guid Id = Guid.CreateVersion7();
    private static readonly TokenBudgetKey Key = new("reactive", TokenBudgetPeriod.Day);
    private static readonly TokenBudget Budget = new() { Key = Key, Limit = 100, Used = 90 };
    private static readonly JsonElement Answer = JsonElement.Parse("""{"usage": {"input_tokens": 5, "output_tokens": 7}}""");

    private readonly Mock<ITokenLedger> _tokens = new(MockBehavior.Strict);

    public MockedTokenTests()
    {
        Reserves(TokenReservationState.Open);
        _tokens.Setup(t => t.LogAsync(It.IsAny<NewTokenEntry>(), It.IsAny<CancellationToken>())).ReturnsAsync(
            (NewTokenEntry e, CancellationToken _) => new TokenEntry { Scope = e.Scope, Provider = e.Provider, Usage = e.Usage });
        _tokens.Setup(t => t.SettleAsync(Id, 12, It.IsAny<CancellationToken>())).ReturnsAsync(new TokenReservation { Budget = Key });
    }

    [Fact]
    public async Task The_ledger_can_be_mocked_to_reserve_log_and_settle() => Assert.Equal("used 12", await CallAsync());

    [Fact]
    public async Task The_ledger_can_be_mocked_to_have_too_little_left()
    {
        Reserves(null);
        Assert.Equal("only 10 left", await CallAsync());
    }

    [Fact]
    public async Task The_ledger_can_be_mocked_to_refuse()
    {
        _tokens.Setup(t => t.TryReserveAsync(It.IsAny<NewTokenReservation>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TokenBudgetNotFoundException(Key));
        Assert.Equal("no budget", await CallAsync());
        _tokens.Setup(t => t.TryReserveAsync(It.IsAny<NewTokenReservation>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TokenBudgetExceededException(50, Budget));
        Assert.Equal("only 10 left", await CallAsync());

        Reserves(TokenReservationState.Open);
        _tokens.SetupSequence(t => t.SettleAsync(Id, 12, It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TokenReservationConflictException(Id, TokenReservationState.Released))
            .ThrowsAsync(new TokenReservationNotFoundException(Id));
        Assert.Equal("Released before", await CallAsync());
        Assert.Equal("the budget was deleted", await CallAsync());
        _tokens.Setup(t => t.LogAsync(It.IsAny<NewTokenEntry>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TokenEntryConflictException("run", "call", 1));
        Assert.Equal("call was another call", await CallAsync());
    }

    [Fact]
    public async Task Reserving_under_an_id_whose_reservation_has_ended_throws()
    {
        Reserves(TokenReservationState.Settled);

        var conflict = await Assert.ThrowsAsync<TokenReservationConflictException>(CallAsync);

        Assert.Equal((Id, TokenReservationState.Settled), (conflict.ReservationId, conflict.State));
    }

    private void Reserves(TokenReservationState? state) => _tokens
        .Setup(t => t.TryReserveAsync(It.Is<NewTokenReservation>(r => r.Budget == Key && r.Amount == 50), It.IsAny<CancellationToken>()))
        .ReturnsAsync(new TokenReservationResult
        {
            Budget = Budget,
            Reservation = state is { } given ? new() { Id = Id, Budget = Key, State = given } : null,
        });

    private Task<string> CallAsync() => new ModelCaller(_tokens.Object).CallAsync("run", "call", 50, () => Task.FromResult(Answer));
}
