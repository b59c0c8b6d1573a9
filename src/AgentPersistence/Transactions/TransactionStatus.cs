namespace AgentPersistence.Transactions;

/// <summary>Where a journaled transaction stands.</summary>
public enum TransactionStatus
{
    /// <summary>Begun: its effect may or may not have taken place.</summary>
    Pending,

    /// <summary>Its effect has taken place.</summary>
    Completed,

    /// <summary>It has failed, and its effect has not taken place.</summary>
    Failed,

    /// <summary>Its effect, whatever there was of it, is undone. Final.</summary>
    RolledBack,
}
