namespace AgentPersistence.Tokens;

/// <summary>Names a budget. A scope may have several: by period, and in tokens as well as in money.</summary>
/// <param name="Scope">
/// What the budget is for: one of <see cref="TokenScopes"/>, or any other name such as <c>user:42</c>. Not blank, at most 255
/// characters, no control characters, well-formed UTF-16.
/// </param>
/// <param name="Period">How often it starts again.</param>
/// <param name="Currency">The currency that it counts in: three capital letters as in ISO 4217; null counts tokens.</param>
public sealed record TokenBudgetKey(string Scope, TokenBudgetPeriod Period, string? Currency = null);
