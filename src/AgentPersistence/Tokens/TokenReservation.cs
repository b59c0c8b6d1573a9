namespace AgentPersistence.Tokens;

/// <summary>An amount taken from a budget, until it is settled, released or expired. Times are UTC, to the microsecond.</summary>
public sealed record TokenReservation
{
    /// <summary>The reservation's id.</summary>
    public Guid Id { get; init; }

    /// <summary>The budget.</summary>
    public required TokenBudgetKey Budget { get; init; }

    /// <summary>What was reserved.</summary>
    public decimal Amount { get; init; }

    /// <summary>What was really used, counted in the period in which it was settled; 0 once released, null until then.</summary>
    public decimal? Used { get; init; }

    /// <summary>Where it stands.</summary>
    public TokenReservationState State { get; init; }

    /// <summary>When it gives back what it holds.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Only from reserving: whether it was there before under this id, so that nothing was taken. False otherwise.</summary>
    public bool AlreadyReserved { get; init; }
}
