using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.Tokens;

/// <summary>What the suites of the token ledger have in common.</summary>
public abstract class TokenTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected ITokenLedger Tokens => Agent.Tokens;

    protected static NewTokenEntry Used(string scope, long input = 1, long output = 0) =>
        new() { Scope = scope, Provider = "p", Model = "m", Usage = new() { Input = input, Output = output } };

    /// <summary>A budget of tokens that no other test uses.</summary>
    protected async Task<TokenBudgetKey> NewBudgetAsync(
        decimal limit, TokenBudgetPeriod period = TokenBudgetPeriod.Total, string? currency = null, ITokenLedger? tokens = null)
    {
        var key = new TokenBudgetKey(NewId("scope"), period, currency);
        await (tokens ?? Tokens).SetBudgetAsync(key, limit, Cancellation);
        return key;
    }

    protected static NewTokenReservation Of(TokenBudgetKey budget, decimal amount, TimeSpan? timeToLive = null) =>
        new() { Budget = budget, Amount = amount, TimeToLive = timeToLive };

    /// <summary>What a budget has used, and what is reserved.</summary>
    protected async Task<(decimal Used, decimal Reserved)> FiguresAsync(TokenBudgetKey budget, ITokenLedger? tokens = null)
    {
        var found = (await (tokens ?? Tokens).FindBudgetAsync(budget, Cancellation))!;
        return (found.Used, found.Reserved);
    }
}
