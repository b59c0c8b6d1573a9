namespace AgentPersistence.Transactions;

/// <summary>The answer to a begin.</summary>
/// <param name="Transaction">The transaction as it stands.</param>
/// <param name="AlreadyBegun">
/// Whether an earlier begin under the same key stored it: then its effect is not this caller's to bring about.
/// </param>
public sealed record TransactionReceipt(JournaledTransaction Transaction, bool AlreadyBegun);
