using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Providers;

namespace AgentPersistence.Tokens.Storage;

/// <summary>The budgets of the ledger.</summary>
internal sealed class TokenBudgets(StoreExecutor executor)
{
    private const string AnyCurrency = TokenOptions.DefaultCurrency;

    /// <summary>The lock's own result comes before the answer.</summary>
    private const int LockResults = 1;

    private readonly BudgetTurns _turns = new(executor.Options.RetryTimeout);

    public async Task<TokenBudget> SetAsync(TokenBudgetKey budget, decimal limit, CancellationToken cancellationToken)
    {
        var (key, id) = (StoredKey.Of(budget), executor.Ids.Next());
        var amount = TokenAmount.Exactly(limit, key.Unit, nameof(limit));

        // Repeated after a lost answer it sets the same again, so it needs no write id.
        var row = await executor.WriteAsync(
            (unit, ct) => key.Name(unit.Command(unit.Dialect.SetTokenBudget)).Id("id", id).Number("limit", amount)
                .ReadFirstAsync(TokenBudgetRow.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return row!.Budget;
    }

    public async Task<TokenBudget?> FindAsync(TokenBudgetKey budget, CancellationToken cancellationToken)
    {
        var key = StoredKey.Of(budget);
        var row = await executor.ReadAsync(
            (unit, ct) => key.Name(unit.Command(unit.Dialect.FindTokenBudget)).ReadFirstAsync(TokenBudgetRow.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return row?.Budget;
    }

    public async Task<IReadOnlyList<TokenBudget>> QueryAsync(TokenBudgetQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var scope = Input.OptionalKey(query.Scope, nameof(query.Scope));
        var after = query.After is null ? null : StoredKey.Of(query.After.Key);
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryTokenBudgets(query)).Text("scope", scope).Text("after_scope", after?.Scope)
                .Text("after_period", after?.Period).Text("after_unit", after?.Unit).Number("limit", limit)
                .ReadAllAsync(row => TokenBudgetRow.Read(row).Budget, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public Task<bool> DeleteAsync(TokenBudgetKey budget, CancellationToken cancellationToken)
    {
        var key = StoredKey.Of(budget);
        return executor.WriteAsync(
            async (unit, ct) =>
            {
                var deleted = await key.Name(unit.Command(unit.Dialect.DeleteTokenBudget)).ExecuteAsync(ct).ConfigureAwait(false);

                // After a lost answer nobody can know who deleted it; it is gone, as the caller asked.
                return deleted > 0 || unit.IsRepeat;
            },
            cancellationToken);
    }

    public async Task<TokenReservationResult> TryReserveAsync(NewTokenReservation reservation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        var (key, id) = (StoredKey.Of(reservation.Budget), reservation.Id ?? executor.Ids.Next());
        var amount = TokenAmount.RoundUp(reservation.Amount, key.Unit, nameof(reservation.Amount));
        if (amount == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(reservation.Amount), "The amount must be more than 0.");
        }

        var timeToLive = Input.Duration(reservation.TimeToLive, Input.MaxLease, nameof(reservation.TimeToLive))
            ?? executor.Options.Tokens.ReservationTimeToLive;

        // A try counts what it has inserted itself, so each has an id of its own; whichever has inserted, the reservation is this call's.
        var tries = new List<Guid>();
        var row = await LockAndWriteAsync(
            key.ToString(),
            dialect => (dialect.ReserveTokens, dialect.ReserveTokensSoon),
            command =>
            {
                tries.Add(executor.Ids.Next());
                return key.Name(command).Id("id", id).Number("amount", amount).Id("write_id", tries[^1])
                    .Number("time_to_live", timeToLive.Ticks / TimeSpan.TicksPerMicrosecond);
            },
            cancellationToken).ConfigureAwait(false) ?? throw new TokenBudgetNotFoundException(reservation.Budget);
        var isOwn = row.WriteId is { } write && tries.Contains(write);
        if (row.Reservation is { } found
            && (row.ReservedFrom != row.Budget.Id || TokenAmount.RoundUp(found.Amount, key.Unit, nameof(reservation.Amount)) != amount))
        {
            throw new TokenReservationConflictException(id, found.State);
        }

        return new TokenReservationResult
        {
            Budget = row.Budget,
            Reservation = row.Reservation is null ? null : row.Reservation with { AlreadyReserved = !isOwn },
        };
    }

    public async Task<TokenReservation> SettleAsync(Guid reservationId, decimal used, CancellationToken cancellationToken)
    {
        // Which of the two it is, the reservation's budget knows.
        var (tokens, money) = (TokenAmount.TryRoundUp(used, TokenAmount.Tokens), TokenAmount.TryRoundUp(used, AnyCurrency));
        if (tokens is null && money is null)
        {
            TokenAmount.RoundUp(used, TokenAmount.Tokens, nameof(used));
        }

        var ended = await EndAsync(reservationId, TokenReservationState.Settled, tokens, money, cancellationToken).ConfigureAwait(false);
        var counted = TokenAmount.RoundUp(used, UnitOf(ended.Budget), nameof(used));
        return ended.State == TokenReservationState.Settled && ended.Used == TokenAmount.From(counted, UnitOf(ended.Budget))
            ? ended
            : throw new TokenReservationConflictException(reservationId, ended.State);
    }

    public async Task<TokenReservation> ReleaseAsync(Guid reservationId, CancellationToken cancellationToken)
    {
        var ended = await EndAsync(reservationId, TokenReservationState.Released, 0, 0, cancellationToken).ConfigureAwait(false);
        return ended.State == TokenReservationState.Released
            ? ended
            : throw new TokenReservationConflictException(reservationId, ended.State);
    }

    public async Task<TokenReservation?> FindReservationAsync(Guid reservationId, CancellationToken cancellationToken)
    {
        var row = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindTokenReservation).Id("id", reservationId)
                .ReadFirstAsync(TokenBudgetRow.ReadWithReservation, ct),
            cancellationToken).ConfigureAwait(false);
        return row?.Reservation;
    }

    /// <summary>Ends the reservation if it has not ended. Repeated after a lost answer it finds it ended as it was to be.</summary>
    private async Task<TokenReservation> EndAsync(
        Guid id, TokenReservationState state, long? tokens, long? money, CancellationToken cancellationToken)
    {
        var row = await LockAndWriteAsync(
            budget: null,
            dialect => (dialect.EndTokenReservation, dialect.EndTokenReservationSoon),
            command => command.Id("id", id)
                .Text("state", EnumText<TokenReservationState>.From(state)).Number("tokens", tokens).Number("money", money),
            cancellationToken).ConfigureAwait(false);
        return row?.Reservation ?? throw new TokenReservationNotFoundException(id);
    }

    /// <summary>Runs a statement that locks a budget: inside a transaction it waits for it, elsewhere it takes turns.</summary>
    private Task<TokenBudgetRow?> LockAndWriteAsync(
        string? budget,
        Func<SqlDialect, (SqlStatement Waiting, SqlStatement Soon)> statement,
        Func<StoreCommand, StoreCommand> fill,
        CancellationToken cancellationToken) => executor.InTransaction
        ? executor.WriteAsync(
            (unit, ct) => fill(unit.Command(statement(unit.Dialect).Waiting))
                .ReadFirstAsync(TokenBudgetRow.ReadWithReservation, ct, LockResults),
            cancellationToken)
        : _turns.RunAsync(
            budget,
            () => executor.WriteAsync((unit, ct) => TryAsync(unit, fill(unit.Command(statement(unit.Dialect).Soon)), ct), cancellationToken),
            cancellationToken);

    private static async Task<BudgetTry<TokenBudgetRow>> TryAsync(UnitOfWork unit, StoreCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var row = await command.ReadFirstAsync(
                TokenBudgetRow.ReadWithReservation, cancellationToken, LockResults + unit.Dialect.BudgetWaitResults).ConfigureAwait(false);
            return new(IsHeld: false, unit.IsRepeat, row);
        }
        catch (Exception exception) when (unit.Dialect.IsLockTimeout(exception))
        {
            return new(IsHeld: true, unit.IsRepeat, null);
        }
    }

    private static string UnitOf(TokenBudgetKey key) => key.Currency ?? TokenAmount.Tokens;

    /// <summary>What names a budget, as it is stored.</summary>
    private sealed record StoredKey(string Scope, string Period, string Unit)
    {
        public static StoredKey Of(TokenBudgetKey budget)
        {
            ArgumentNullException.ThrowIfNull(budget);
            return new StoredKey(
                Input.Key(budget.Scope, nameof(budget.Scope)),
                EnumText<TokenBudgetPeriod>.From(Input.Defined(budget.Period, nameof(budget.Period))),
                budget.Currency is null ? TokenAmount.Tokens : TokenCurrency.Check(budget.Currency, nameof(budget.Currency)));
        }

        public StoreCommand Name(StoreCommand command) => command.Text("scope", Scope).Text("period", Period).Text("unit", Unit);
    }
}
