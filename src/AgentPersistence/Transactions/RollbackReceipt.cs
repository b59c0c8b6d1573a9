namespace AgentPersistence.Transactions;

/// <summary>The answer to a roll back.</summary>
/// <param name="Transaction">The transaction, rolled back.</param>
/// <param name="AlreadyRolledBack">Whether it was so before: then this call has run no compensation and stored nothing.</param>
public sealed record RollbackReceipt(JournaledTransaction Transaction, bool AlreadyRolledBack);
