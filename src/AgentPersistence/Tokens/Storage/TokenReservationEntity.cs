namespace AgentPersistence.Tokens.Storage;

/// <summary>A row of <c>agent_token_reservations</c>.</summary>
internal sealed class TokenReservationEntity
{
    public Guid Id { get; init; }

    public Guid BudgetId { get; init; }

    /// <summary>A <see cref="TokenReservationState"/>; open also after it has expired, until the budget is next reserved from.</summary>
    public required string State { get; init; }

    public long Amount { get; init; }

    public long? UsedAmount { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Identifies the write that made the row what it is, so that a write knows what it has done itself.</summary>
    public Guid WriteId { get; init; }
}
