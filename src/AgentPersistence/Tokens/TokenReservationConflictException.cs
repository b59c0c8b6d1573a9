namespace AgentPersistence.Tokens;

/// <summary>
/// A reservation was settled otherwise, or released, before; or its id is taken by one of another budget or amount. Nothing was changed.
/// </summary>
/// <param name="reservationId">The reservation's id.</param>
/// <param name="state">Where it stands.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TokenReservationConflictException(Guid reservationId, TokenReservationState state, Exception? innerException = null)
    : AgentPersistenceException(
        $"Reservation {reservationId} is {state} already, with other figures or another outcome; nothing was changed.", innerException)
{
    /// <summary>The reservation's id.</summary>
    public Guid ReservationId { get; } = reservationId;

    /// <summary>Where it stands.</summary>
    public TokenReservationState State { get; } = state;
}
