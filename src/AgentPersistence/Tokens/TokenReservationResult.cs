using System.Diagnostics.CodeAnalysis;

namespace AgentPersistence.Tokens;

/// <summary>What became of an attempt to reserve.</summary>
public sealed record TokenReservationResult
{
    /// <summary>
    /// Whether the caller holds the amount. False where the budget has too little left, or where the given id belongs to a reservation that
    /// is no longer open (see <see cref="Reservation"/>).
    /// </summary>
    [MemberNotNullWhen(true, nameof(Reservation))]
    public bool IsReserved => Reservation is { State: TokenReservationState.Open };

    /// <summary>The reservation; null where the budget has too little left.</summary>
    public TokenReservation? Reservation { get; init; }

    /// <summary>The budget as it stands now: <see cref="TokenBudget.Available"/> is what is left.</summary>
    public required TokenBudget Budget { get; init; }
}
