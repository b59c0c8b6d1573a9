namespace AgentPersistence.Tokens.Storage;

/// <summary>A row of <c>agent_token_budgets</c>. Amounts are whole numbers of its unit (<see cref="TokenAmount"/>).</summary>
internal sealed class TokenBudgetEntity
{
    public Guid Id { get; init; }

    public required string Scope { get; init; }

    /// <summary>A <see cref="TokenBudgetPeriod"/>.</summary>
    public required string Period { get; init; }

    /// <summary>A currency, or <see cref="TokenAmount.Tokens"/>.</summary>
    public required string Unit { get; init; }

    public long LimitAmount { get; init; }

    /// <summary>What was settled in the period that began at <see cref="PeriodStart"/>.</summary>
    public long UsedAmount { get; init; }

    /// <summary>What the reservations hold whose state is open, expired ones that nobody has given back yet included.</summary>
    public long ReservedAmount { get; init; }

    public DateTimeOffset PeriodStart { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the figures were last changed; every reservation that had expired by then is given back.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
