namespace AgentPersistence.Auditing;

/// <summary>Proof that an entry is stored.</summary>
/// <param name="Id">The action's id; the first entry's if it was logged already.</param>
/// <param name="Sequence">
/// The row's place in the chain, from 1; null while it waits for the transaction it was logged in to commit.
/// </param>
/// <param name="AlreadyLogged">Whether an earlier entry has the same idempotency key, so that nothing was stored.</param>
public readonly record struct AuditReceipt(Guid Id, long? Sequence, bool AlreadyLogged);
