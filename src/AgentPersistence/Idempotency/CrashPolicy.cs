namespace AgentPersistence.Idempotency;

/// <summary>What becomes of a claim whose holder vanished, or whose operation threw, so that nobody knows what it has done.</summary>
public enum CrashPolicy
{
    /// <summary>The operation may run again. For work that is harmless to repeat.</summary>
    Retry,

    /// <summary>
    /// The claim becomes <see cref="IdempotencyState.Indeterminate"/> and stays so until an operator settles it. For work that must
    /// never run twice. Holds if either the holder or the asker says so.
    /// </summary>
    Block,
}
