namespace AgentPersistence.Tokens;

/// <summary>What one day used.</summary>
/// <param name="Day">The day, from midnight to midnight UTC.</param>
/// <param name="Totals">The sums; all zero for a day without entries.</param>
public sealed record DailyTokenUsage(DateOnly Day, TokenTotals Totals);
