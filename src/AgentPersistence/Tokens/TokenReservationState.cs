namespace AgentPersistence.Tokens;

/// <summary>Where a reservation stands.</summary>
public enum TokenReservationState
{
    /// <summary>It holds its amount.</summary>
    Open,

    /// <summary>What was used is counted. Final.</summary>
    Settled,

    /// <summary>Nothing was used. Final.</summary>
    Released,

    /// <summary>Its time is over and it holds nothing. It can still be settled, or released.</summary>
    Expired,
}
