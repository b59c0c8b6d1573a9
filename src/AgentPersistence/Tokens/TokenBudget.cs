namespace AgentPersistence.Tokens;

/// <summary>
/// A budget as it stands: what the running period has used, and what open reservations hold. Amounts are tokens, or money in the key's
/// currency to nine decimals.
/// </summary>
public sealed record TokenBudget
{
    /// <summary>The budget's id, a UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>What names it.</summary>
    public required TokenBudgetKey Key { get; init; }

    /// <summary>What may be used in one period.</summary>
    public decimal Limit { get; init; }

    /// <summary>
    /// What was settled in this period. More than <see cref="Limit"/> where calls used more than they had reserved; counted no further once
    /// it is above 4·10¹⁸ tokens or 4·10⁹ of the currency.
    /// </summary>
    public decimal Used { get; init; }

    /// <summary>What open reservations hold. Those that have expired hold nothing.</summary>
    public decimal Reserved { get; init; }

    /// <summary>What can be reserved now; never negative.</summary>
    public decimal Available => Math.Max(0, Limit - Used - Reserved);

    /// <summary>When this period began. A budget for <see cref="TokenBudgetPeriod.Total"/> begins when it is first set.</summary>
    public DateTimeOffset PeriodStart { get; init; }

    /// <summary>When the next period begins; null for <see cref="TokenBudgetPeriod.Total"/>.</summary>
    public DateTimeOffset? PeriodEnd { get; init; }

    /// <summary>When it was first set.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
