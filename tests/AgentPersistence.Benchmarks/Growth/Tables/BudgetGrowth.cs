using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Tokens;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Reservations that have ended, a hundred of each budget; a budget is a user's.</summary>
internal static class BudgetGrowth
{
    private const int ReservationsOfBudget = 100;

    public static GrowingTable Table { get; } = new("token budgets", FillAsync,
    [
        Reserve(callers: 1),
        Reserve(callers: 64),
        Calling("find a budget", (ledger, rows) => ledger.FindBudgetAsync(AnyBudget(rows))),
        Calling("budgets of a scope", (ledger, rows) => ledger.QueryBudgetsAsync(new TokenBudgetQuery { Scope = AnyBudget(rows).Scope })),
        Calling("first budgets", (ledger, _) => ledger.QueryBudgetsAsync(new TokenBudgetQuery())),
        Calling("find a reservation", (ledger, rows) => ledger.FindReservationAsync(Numbered.Id(Numbered.Any(rows)))),
    ]);

    private static async Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, budgets, now) = (databases.Sql, rows / ReservationsOfBudget, databases.Sql.SecondsAgo("0"));
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_token_budgets (
                id, scope, period, unit, limit_amount, used_amount, reserved_amount, period_start, created_at, updated_at)
            SELECT {sql.Id("n")}, {sql.Hex("n")}, 'total', 'tokens', 1000000000000, {ReservationsOfBudget * 1000}, 0, {now}, {now}, {now}
            FROM {sql.Series(budgets)}
            """);
        await databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_token_reservations (
                id, budget_id, state, amount, used_amount, expires_at, created_at, updated_at, write_id)
            SELECT {sql.Id("n")}, {sql.Id($"n % {budgets}")}, 'settled', 2000, 1000, {sql.At("n + 600")}, {sql.At("n")}, {sql.At("n")},
                {sql.Id("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Reserve(int callers) => Calling("reserve and settle", async (ledger, rows) =>
    {
        var reserved = await ledger.TryReserveAsync(new NewTokenReservation { Budget = AnyBudget(rows), Amount = 2_000 });
        await ledger.SettleAsync(reserved.Reservation!.Id, 1_000);
    }) with
    {
        Callers = callers,
        Adds = true,
    };

    private static Operation Calling(string name, Func<ITokenLedger, long, Task> call) => Operation.On(name, call);

    private static TokenBudgetKey AnyBudget(long rows) =>
        new(Numbered.Hex(Numbered.Any(rows / ReservationsOfBudget)), TokenBudgetPeriod.Total);
}
