namespace AgentPersistence.Tokens;

/// <summary>Which budgets to read.</summary>
public sealed record TokenBudgetQuery
{
    /// <summary>Only budgets of this scope; null for any.</summary>
    public string? Scope { get; init; }

    /// <summary>
    /// The last budget of the page before, as it was read: its key is where the next page goes on. Null starts at the beginning.
    /// </summary>
    public TokenBudget? After { get; init; }

    /// <summary>How many budgets to read at most: 1 to 10,000.</summary>
    /// <value>The default is 100.</value>
    public int Limit { get; init; } = 100;
}
