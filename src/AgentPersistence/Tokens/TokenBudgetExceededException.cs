namespace AgentPersistence.Tokens;

/// <summary>A budget has less left than was to be reserved. Nothing was taken.</summary>
/// <param name="requested">What was to be reserved.</param>
/// <param name="budget">The budget as it stands.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TokenBudgetExceededException(decimal requested, TokenBudget budget, Exception? innerException = null)
    : AgentPersistenceException(
        $"{requested} cannot be reserved: of the limit {budget?.Limit} of {budget?.Key} there is {budget?.Available} left.", innerException)
{
    /// <summary>What was to be reserved.</summary>
    public decimal Requested { get; } = requested;

    /// <summary>The budget as it stood: what is left, and when the next period begins.</summary>
    public TokenBudget Budget { get; } = budget!;
}
