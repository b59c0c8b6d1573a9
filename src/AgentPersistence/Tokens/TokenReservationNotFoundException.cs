namespace AgentPersistence.Tokens;

/// <summary>There is no such reservation. Nothing was changed.</summary>
/// <param name="reservationId">The reservation's id.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TokenReservationNotFoundException(Guid reservationId, Exception? innerException = null)
    : AgentPersistenceException($"There is no reservation {reservationId}.", innerException)
{
    /// <summary>The reservation's id.</summary>
    public Guid ReservationId { get; } = reservationId;
}
