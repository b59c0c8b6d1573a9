using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Tokens;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class TokenPlaces
{
    private const string Ledger = "agent_token_ledger";
    private const string Budgets = "agent_token_budgets";

    private static readonly NewTokenEntry Least = new() { Scope = "s", Provider = "p", Usage = new() };

    public static IEnumerable<Place> All =>
    [
        Entry("Scope", PlaceKind.Key, value => Least with { Scope = value! }, e => e.Scope),
        Entry("Provider", PlaceKind.Key, value => Least with { Provider = value! }, e => e.Provider),
        Entry("Model", PlaceKind.OptionalKey, value => Least with { Model = value }, e => e.Model),
        Entry("RunId", PlaceKind.OptionalKey, value => Least with { RunId = value }, e => e.RunId),
        Entry("CallId", PlaceKind.OptionalKey, value => Least with { RunId = NewId(), CallId = value }, e => e.CallId),
        Entry("UserId", PlaceKind.OptionalKey, value => Least with { UserId = value }, e => e.UserId),
        Entry("SessionId", PlaceKind.OptionalKey, value => Least with { SessionId = value }, e => e.SessionId),
        Place.Of("NewTokenEntry.OccurredAt", PlaceKind.TimeOrNow, Ledger, async (agent, value) =>
        {
            var logged = await agent.Tokens.LogAsync(Least with { OccurredAt = value });
            return (await agent.Tokens.FindAsync(logged.Id))?.OccurredAt;
        }),
        Place.Lookup("FindAsync.runId", Ledger, (agent, value) => agent.Tokens.FindAsync(value, "c")),
        Place.Lookup("FindAsync.callId", Ledger, (agent, value) => agent.Tokens.FindAsync("r", value)),
        Query("Scope", value => new() { Scope = value }),
        Query("Provider", value => new() { Provider = value }),
        Query("Model", value => new() { Model = value }),
        Query("RunId", value => new() { RunId = value }),
        Query("UserId", value => new() { UserId = value }),
        Query("SessionId", value => new() { SessionId = value }),
        Place.Of("TokenBudgetKey.Scope", PlaceKind.Key, Budgets, async (agent, value) =>
        {
            var budget = new TokenBudgetKey(value!, TokenBudgetPeriod.Day);
            await agent.Tokens.SetBudgetAsync(budget, 1);
            return (await agent.Tokens.FindBudgetAsync(budget))?.Key.Scope;
        }),
        Place.Lookup("TokenBudgetQuery.Scope", Budgets, (agent, value) => agent.Tokens.QueryBudgetsAsync(new() { Scope = value })),
    ];

    private static Place Entry(string member, PlaceKind kind, Func<string?, NewTokenEntry> make, Func<TokenEntry, string?> read) =>
        Place.Of($"NewTokenEntry.{member}", kind, Ledger, async (agent, value) =>
        {
            var logged = await agent.Tokens.LogAsync(make(value));
            return read((await agent.Tokens.FindAsync(logged.Id))!);
        });

    private static Place Query(string member, Func<string, TokenQuery> make) => Place.Lookup(
        $"TokenQuery.{member}", Ledger, (Agent agent, string value) => agent.Tokens.QueryAsync(make(value)));

    private static string NewId() => $"run-{Guid.CreateVersion7()}";
}
