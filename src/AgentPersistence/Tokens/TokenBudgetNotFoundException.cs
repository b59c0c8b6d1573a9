namespace AgentPersistence.Tokens;

/// <summary>There is no such budget. Nothing was reserved.</summary>
/// <param name="budget">What names it.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TokenBudgetNotFoundException(TokenBudgetKey budget, Exception? innerException = null)
    : AgentPersistenceException($"There is no budget {budget}: set one first.", innerException)
{
    /// <summary>What names it.</summary>
    public TokenBudgetKey Budget { get; } = budget;
}
