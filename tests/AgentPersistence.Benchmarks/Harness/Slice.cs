namespace AgentPersistence.Benchmarks.Harness;

/// <summary>One competitor's turn in a round.</summary>
/// <param name="Callers">How many callers are at work at once.</param>
/// <param name="WarmUp">How long they work before anything is counted.</param>
/// <param name="Duration">How long is counted.</param>
internal readonly record struct Slice(int Callers, TimeSpan WarmUp, TimeSpan Duration);
