namespace AgentPersistence.Tokens;

/// <summary>What one model used within one scope.</summary>
/// <param name="Scope">What the tokens were spent for.</param>
/// <param name="Provider">Who provides the model.</param>
/// <param name="Model">The model; null for entries that name none.</param>
/// <param name="Totals">The sums.</param>
public sealed record TokenStatistics(string Scope, string Provider, string? Model, TokenTotals Totals);
