namespace AgentPersistence.Tokens;

/// <summary>A call that is about to be logged without a cost.</summary>
/// <param name="Provider">Who provides the model.</param>
/// <param name="Model">The model as the provider names it; null where it is not known.</param>
/// <param name="Usage">The tokens. Tiers go by <c>Input + CacheRead + CacheWrite</c>, the whole prompt.</param>
/// <param name="OccurredAt">When the call was made: the price of that day is wanted.</param>
public sealed record TokenPriceRequest(string Provider, string? Model, TokenUsage Usage, DateTimeOffset OccurredAt);
