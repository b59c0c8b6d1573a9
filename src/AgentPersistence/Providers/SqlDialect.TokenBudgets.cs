using AgentPersistence.Internal.Sql;
using AgentPersistence.Tokens;
using AgentPersistence.Tokens.Storage;

namespace AgentPersistence.Providers;

// By hand because each write locks its budget, judges by one time, and is one round trip.
internal abstract partial class SqlDialect
{
    private const string TheBudget =
        "b.{TokenBudget.Scope} = @scope AND b.{TokenBudget.Period} = @period AND b.{TokenBudget.Unit} = @unit";

    private const string UsedInUnit = "CASE WHEN b.{TokenBudget.Unit} = '" + TokenAmount.Tokens + "' THEN @tokens ELSE @money END";

    // Far beyond every limit, and so far from the largest number that another figure still fits.
    private const string MostUsed = "4000000000000000000";

    private static readonly string Open = Literal(TokenReservationState.Open);
    private static readonly string Expired = Literal(TokenReservationState.Expired);
    private static readonly string Total = $"'{EnumText<TokenBudgetPeriod>.From(TokenBudgetPeriod.Total)}'";

    /// <summary>Makes a budget or sets its limit, and returns how it stands.</summary>
    public SqlStatement SetTokenBudget => field ??= Statement($$"""
        INSERT INTO {TokenBudget} (
            {TokenBudget.Id}, {TokenBudget.Scope}, {TokenBudget.Period}, {TokenBudget.Unit}, {TokenBudget.LimitAmount},
            {TokenBudget.UsedAmount}, {TokenBudget.ReservedAmount}, {TokenBudget.PeriodStart}, {TokenBudget.CreatedAt},
            {TokenBudget.UpdatedAt})
        SELECT @id, @scope, @period, @unit, @limit, 0, 0,
            CASE WHEN @period = {{Total}} THEN t.now ELSE {{PeriodStart("@period", "t.now")}} END, t.now, t.now
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE true
        ON CONFLICT ({TokenBudget.Scope}, {TokenBudget.Period}, {TokenBudget.Unit})
        DO UPDATE SET {TokenBudget.LimitAmount} = excluded.{TokenBudget.LimitAmount};

        {{TokenBudgets("")}} WHERE {{TheBudget}}
        """);

    public SqlStatement FindTokenBudget => field ??= Statement($"{TokenBudgets("")} WHERE {TheBudget}");

    /// <summary>One page, ordered by key.</summary>
    public SqlStatement QueryTokenBudgets(TokenBudgetQuery query) => Statement($$"""
        {{TokenBudgets("")}}
        WHERE true
            {{(query.Scope is null ? "" : "AND b.{TokenBudget.Scope} = @scope")}}
            {{(query.After is null ? "" : """
                AND (b.{TokenBudget.Scope}, b.{TokenBudget.Period}, b.{TokenBudget.Unit}) > (@after_scope, @after_period, @after_unit)
                """)}}
        ORDER BY b.{TokenBudget.Scope}, b.{TokenBudget.Period}, b.{TokenBudget.Unit}
        LIMIT @limit
        """);

    public SqlStatement DeleteTokenBudget => field ??= Statement($$"""
        DELETE FROM {TokenBudget} AS b WHERE {{TheBudget}}
        """);

    /// <summary>
    /// Takes an amount from a budget: locks it; begins its new period and gives back what has expired, as of one time; inserts the
    /// reservation if enough is left and its id is new; counts it if it was inserted. Returns how the budget stands and, where there is
    /// one, the reservation of the id, whoever made it.
    /// </summary>
    public SqlStatement ReserveTokens => field ??= Statement(ReserveTokensSql);

    /// <summary>The same, but it fails soon where the budget is held (<see cref="IsLockTimeout"/>).</summary>
    public SqlStatement ReserveTokensSoon => field ??= Statement(BoundBudgetWait + ReserveTokensSql);

    /// <summary>
    /// Ends a reservation that has not ended, as the state <c>@state</c>: locks its budget, counts what was used in the period that runs
    /// now, and gives back what it still holds; nothing where <c>@tokens</c> or <c>@money</c>, whichever the budget counts in, is null.
    /// Returns the reservation as it is then.
    /// </summary>
    public SqlStatement EndTokenReservation => field ??= Statement(EndTokenReservationSql);

    /// <summary>The same, but it fails soon where the budget is held (<see cref="IsLockTimeout"/>).</summary>
    public SqlStatement EndTokenReservationSoon => field ??= Statement(BoundBudgetWait + EndTokenReservationSql);

    public SqlStatement FindTokenReservation => field ??= Statement(FindTokenReservationSql);

    /// <summary>How many results the bound of a wait has.</summary>
    public abstract int BudgetWaitResults { get; }

    /// <summary>A statement that bounds how long those behind it wait for a lock, in the same batch.</summary>
    protected abstract string BoundBudgetWait { get; }

    private string ReserveTokensSql => $$"""
        SELECT 1 FROM {TokenBudget} AS b WHERE {{TheBudget}} {{ForUpdate}};

        UPDATE {TokenBudget} AS b
        SET {{BeginPeriod("0")}},
            {TokenBudget.ReservedAmount} = b.{TokenBudget.ReservedAmount} - {{HeldByExpired}},
            {TokenBudget.UpdatedAt} = t.now
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE {{TheBudget}};

        UPDATE {TokenReservation} AS r
        SET {TokenReservation.State} = {{Expired}}, {TokenReservation.UpdatedAt} = b.{TokenBudget.UpdatedAt}
        FROM {TokenBudget} AS b
        WHERE {{TheBudget}} AND r.{TokenReservation.BudgetId} = b.{TokenBudget.Id}
            AND r.{TokenReservation.State} = {{Open}} AND r.{TokenReservation.ExpiresAt} <= b.{TokenBudget.UpdatedAt};

        INSERT INTO {TokenReservation} (
            {TokenReservation.Id}, {TokenReservation.BudgetId}, {TokenReservation.State}, {TokenReservation.Amount},
            {TokenReservation.ExpiresAt}, {TokenReservation.CreatedAt}, {TokenReservation.UpdatedAt}, {TokenReservation.WriteId})
        SELECT @id, b.{TokenBudget.Id}, {{Open}}, @amount, {{After("b.{TokenBudget.UpdatedAt}", "@time_to_live")}},
            b.{TokenBudget.UpdatedAt}, b.{TokenBudget.UpdatedAt}, @write_id
        FROM {TokenBudget} AS b
        WHERE {{TheBudget}}
            AND b.{TokenBudget.LimitAmount} - b.{TokenBudget.UsedAmount} - b.{TokenBudget.ReservedAmount} >= @amount
        ON CONFLICT ({TokenReservation.Id}) DO NOTHING;

        UPDATE {TokenBudget} AS b SET {TokenBudget.ReservedAmount} = b.{TokenBudget.ReservedAmount} + @amount
        WHERE {{TheBudget}} AND EXISTS (
            SELECT 1 FROM {TokenReservation} AS r WHERE r.{TokenReservation.Id} = @id AND r.{TokenReservation.WriteId} = @write_id);

        {{TokenBudgets(ReservationColumns)}} LEFT JOIN {TokenReservation} AS r ON r.{TokenReservation.Id} = @id
        WHERE {{TheBudget}}
        """;

    private string EndTokenReservationSql => $$"""
        SELECT 1 FROM {TokenBudget} AS b
        WHERE b.{TokenBudget.Id} = (
            SELECT r.{TokenReservation.BudgetId} FROM {TokenReservation} AS r WHERE r.{TokenReservation.Id} = @id)
        {{ForUpdate}};

        UPDATE {TokenBudget} AS b
        SET {{BeginPeriod($"CASE WHEN {UsedNow} > {MostUsed} THEN 0 ELSE {UsedInUnit} END")}},
            {TokenBudget.ReservedAmount} = b.{TokenBudget.ReservedAmount} - t.held
        FROM (
            SELECT r.{TokenReservation.BudgetId} AS budget, {{Clock}} AS now,
                CASE WHEN r.{TokenReservation.State} = {{Open}} THEN r.{TokenReservation.Amount} ELSE 0 END AS held
            FROM {TokenReservation} AS r
            WHERE r.{TokenReservation.Id} = @id AND r.{TokenReservation.State} IN ({{Open}}, {{Expired}})) AS t
        WHERE b.{TokenBudget.Id} = t.budget AND {{UsedInUnit}} IS NOT NULL;

        UPDATE {TokenReservation} AS r
        SET {TokenReservation.State} = @state, {TokenReservation.UsedAmount} = {{UsedInUnit}}, {TokenReservation.UpdatedAt} = {{Clock}}
        FROM {TokenBudget} AS b
        WHERE b.{TokenBudget.Id} = r.{TokenReservation.BudgetId} AND r.{TokenReservation.Id} = @id
            AND r.{TokenReservation.State} IN ({{Open}}, {{Expired}}) AND {{UsedInUnit}} IS NOT NULL;

        {{FindTokenReservationSql}}
        """;

    /// <summary>The SQL of when the period began that holds a time; <paramref name="period"/> is any but the total.</summary>
    protected abstract string PeriodStart(string period, string time);

    /// <summary>What open reservations of <c>b</c> hold whose time is over at <c>t.now</c>.</summary>
    private static string HeldByExpired => $$"""
        (SELECT coalesce(sum(r.{TokenReservation.Amount}), 0) FROM {TokenReservation} AS r
        WHERE r.{TokenReservation.BudgetId} = b.{TokenBudget.Id} AND r.{TokenReservation.State} = {{Open}}
            AND r.{TokenReservation.ExpiresAt} <= t.now)
        """;

    /// <summary>When the period of <c>b</c> began that holds <c>t.now</c>; a clock that has gone back begins none.</summary>
    private string PeriodNow => $$"""
        CASE
            WHEN b.{TokenBudget.Period} = {{Total}} OR b.{TokenBudget.PeriodStart} >= {{PeriodStart("b.{TokenBudget.Period}", "t.now")}}
            THEN b.{TokenBudget.PeriodStart} ELSE {{PeriodStart("b.{TokenBudget.Period}", "t.now")}}
        END
        """;

    /// <summary>What <c>b</c> has used in that period.</summary>
    private string UsedNow =>
        $"CASE WHEN b.{{TokenBudget.PeriodStart}} < {PeriodNow} THEN 0 ELSE b.{{TokenBudget.UsedAmount}} END";

    private string FindTokenReservationSql => $$"""
        {{TokenBudgets(ReservationColumns)}} JOIN {TokenReservation} AS r ON r.{TokenReservation.BudgetId} = b.{TokenBudget.Id}
        WHERE r.{TokenReservation.Id} = @id
        """;

    private static string ReservationColumns => $$"""
        , r.{TokenReservation.Id}, r.{TokenReservation.BudgetId}, r.{TokenReservation.Amount}, r.{TokenReservation.UsedAmount},
            CASE WHEN r.{TokenReservation.State} = {{Open}} AND r.{TokenReservation.ExpiresAt} <= t.now THEN {{Expired}}
                ELSE r.{TokenReservation.State} END,
            r.{TokenReservation.ExpiresAt}, r.{TokenReservation.CreatedAt}, r.{TokenReservation.WriteId}
        """;

    private string BeginPeriod(string used) =>
        $"{{TokenBudget.UsedAmount}} = {UsedNow} + {used}, {{TokenBudget.PeriodStart}} = {PeriodNow}";

    /// <summary>Budgets as they stand now, whether or not anybody has written it down.</summary>
    private string TokenBudgets(string more) => $$"""
        SELECT b.{TokenBudget.Id}, b.{TokenBudget.Scope}, b.{TokenBudget.Period}, b.{TokenBudget.Unit}, b.{TokenBudget.LimitAmount},
            {{UsedNow}}, CAST(b.{TokenBudget.ReservedAmount} - {{HeldByExpired}} AS bigint), {{PeriodNow}},
            b.{TokenBudget.CreatedAt}{{more}}
        FROM {TokenBudget} AS b CROSS JOIN (SELECT {{Clock}} AS now) AS t
        """;

    private static string Literal(TokenReservationState state) => $"'{EnumText<TokenReservationState>.From(state)}'";
}
