namespace AgentPersistence.Transactions;

/// <summary>Somebody else's compensation holds the transaction, and the time to wait is over. Nothing was run or stored.</summary>
/// <param name="transactionId">The transaction's id.</param>
/// <param name="retryAfter">How long the other's lease still lasts; null if that cannot be told.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class RollbackInFlightException(Guid transactionId, TimeSpan? retryAfter = null, Exception? innerException = null)
    : AgentPersistenceException(
        $"Transaction {transactionId} is being rolled back elsewhere. "
        + (retryAfter is { } after ? $"Ask again after {after}" : "Ask again later")
        + ", or set WaitForOther to wait for it.",
        innerException)
{
    /// <summary>The transaction's id.</summary>
    public Guid TransactionId { get; } = transactionId;

    /// <summary>How long the other's lease still lasts; null if that cannot be told.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
