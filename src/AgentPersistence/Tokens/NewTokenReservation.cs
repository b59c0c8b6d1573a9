namespace AgentPersistence.Tokens;

/// <summary>An amount to take from a budget before a call is made.</summary>
public sealed record NewTokenReservation
{
    /// <summary>The budget.</summary>
    public required TokenBudgetKey Budget { get; init; }

    /// <summary>
    /// What the call may use at most: whole tokens, or money. More than 0, at most 10¹⁵ tokens or 10⁹ of the currency; money is counted in
    /// billionths, rounded up.
    /// </summary>
    public required decimal Amount { get; init; }

    /// <summary>
    /// An id of the caller's, so that it can repeat the reservation after a crash: the same id takes the amount once. Null makes one.
    /// </summary>
    public Guid? Id { get; init; }

    /// <summary>
    /// When the amount is given back if the reservation is neither settled nor released: from one millisecond to seven days. Long enough
    /// for the call, and short enough that a crashed caller does no harm.
    /// </summary>
    /// <value>The default is null: <see cref="TokenOptions.ReservationTimeToLive"/>.</value>
    public TimeSpan? TimeToLive { get; init; }
}
