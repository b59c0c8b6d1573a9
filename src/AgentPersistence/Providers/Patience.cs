namespace AgentPersistence.Providers;

/// <summary>How long work waits for another's transaction that locks the whole database.</summary>
/// <param name="Limit">The longest wait.</param>
/// <param name="About">What the work is about: a transaction that is known not to be about it is waited for like any.</param>
internal readonly record struct Patience(TimeSpan Limit, string About);
