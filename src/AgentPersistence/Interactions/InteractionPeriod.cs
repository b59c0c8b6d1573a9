namespace AgentPersistence.Interactions;

/// <summary>How the interactions of one period ended.</summary>
/// <param name="Start">When the period begins, in UTC; it ends where the next one would begin.</param>
/// <param name="Counts">The interactions that happened in it.</param>
public sealed record InteractionPeriod(DateTimeOffset Start, InteractionCounts Counts);
