using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Tokens.Storage;

/// <summary>
/// A budget as it stands, as <c>SqlDialect.TokenBudgets</c> selects it, and one of its reservations where that is selected too.
/// </summary>
internal sealed record TokenBudgetRow(TokenBudget Budget, TokenReservation? Reservation, Guid? ReservedFrom, Guid? WriteId)
{
    private const int ReservationStart = 9;

    public static TokenBudgetRow Read(StoreReader row)
    {
        var (period, unit, start) = (EnumText<TokenBudgetPeriod>.Parse(row.Text(2)), row.Text(3), row.Time(7));
        var key = new TokenBudgetKey(row.Text(1), period, unit == TokenAmount.Tokens ? null : unit);
        var budget = new TokenBudget
        {
            Id = row.Id(0),
            Key = key,
            Limit = TokenAmount.From(row.Number(4), unit),
            Used = TokenAmount.From(row.Number(5), unit),
            Reserved = TokenAmount.From(row.Number(6), unit),
            PeriodStart = start,
            PeriodEnd = End(period, start),
            CreatedAt = row.Time(8),
        };
        return new TokenBudgetRow(budget, null, null, null);
    }

    public static TokenBudgetRow ReadWithReservation(StoreReader row)
    {
        var read = Read(row);
        if (row.IdOrNull(ReservationStart) is not { } id)
        {
            return read;
        }

        var unit = row.Text(3);
        var reservation = new TokenReservation
        {
            Id = id,
            Budget = read.Budget.Key,
            Amount = TokenAmount.From(row.Number(ReservationStart + 2), unit),
            Used = row.NumberOrNull(ReservationStart + 3) is { } used ? TokenAmount.From(used, unit) : null,
            State = EnumText<TokenReservationState>.Parse(row.Text(ReservationStart + 4)),
            ExpiresAt = row.Time(ReservationStart + 5),
            CreatedAt = row.Time(ReservationStart + 6),
        };
        return read with
        {
            Reservation = reservation,
            ReservedFrom = row.Id(ReservationStart + 1),
            WriteId = row.Id(ReservationStart + 7),
        };
    }

    private static DateTimeOffset? End(TokenBudgetPeriod period, DateTimeOffset start) => period switch
    {
        TokenBudgetPeriod.Hour => start.AddHours(1),
        TokenBudgetPeriod.Day => start.AddDays(1),
        TokenBudgetPeriod.Week => start.AddDays(7),
        TokenBudgetPeriod.Month => start.AddMonths(1),
        _ => null,
    };
}
