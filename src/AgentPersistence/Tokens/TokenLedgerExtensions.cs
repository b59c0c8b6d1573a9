namespace AgentPersistence.Tokens;

/// <summary>Shorter ways to what <see cref="ITokenLedger"/> does.</summary>
public static class TokenLedgerExtensions
{
    /// <summary>Takes an amount from a budget, or throws; see <see cref="ITokenLedger.TryReserveAsync"/>.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="reservation">The budget, the amount, and for how long.</param>
    /// <param name="cancellationToken">Cancels the call; the amount may be taken all the same, until it expires.</param>
    /// <returns>The open reservation.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="reservation"/> breaks its documented rule.</exception>
    /// <exception cref="TokenBudgetNotFoundException">There is no such budget.</exception>
    /// <exception cref="TokenBudgetExceededException">The budget has less left.</exception>
    /// <exception cref="TokenReservationConflictException">
    /// The given id is taken by a reservation of another budget or amount, or by one that is no longer open.
    /// </exception>
    public static async Task<TokenReservation> ReserveAsync(
        this ITokenLedger ledger, NewTokenReservation reservation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var result = await ledger.TryReserveAsync(reservation, cancellationToken).ConfigureAwait(false);
        return result switch
        {
            { IsReserved: true } => result.Reservation,
            { Reservation: { } ended } => throw new TokenReservationConflictException(ended.Id, ended.State),
            _ => throw new TokenBudgetExceededException(reservation.Amount, result.Budget),
        };
    }
}
