namespace AgentPersistence.Transactions;

/// <summary>How a roll back holds a transaction, and waits for another's.</summary>
public sealed record RollbackSettings
{
    /// <summary>
    /// How long the transaction is held without being renewed, which is done every third of it while the compensation runs; afterwards
    /// its process counts as crashed and another takes over. 1 millisecond to 7 days.
    /// </summary>
    /// <value>The default is null: the configured lease, 1 minute unless changed.</value>
    public TimeSpan? Lease { get; init; }

    /// <summary>How long to wait while somebody else's compensation holds the transaction. Zero to 1 day.</summary>
    /// <value>The default is null: do not wait.</value>
    public TimeSpan? WaitForOther { get; init; }
}
