namespace AgentPersistence.Transactions;

/// <summary>
/// The transaction cannot take what was asked: it stands elsewhere, is being rolled back, or was begun under the same key for another
/// request. Nothing was stored.
/// </summary>
/// <param name="transactionId">The transaction's id.</param>
/// <param name="currentStatus">Where it stands.</param>
/// <param name="reason">What cannot be done, and why, as a clause.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TransactionConflictException(
    Guid transactionId, TransactionStatus currentStatus, string reason, Exception? innerException = null)
    : AgentPersistenceException($"Transaction {transactionId} is {currentStatus}: {reason}; nothing was stored.", innerException)
{
    /// <summary>The transaction's id.</summary>
    public Guid TransactionId { get; } = transactionId;

    /// <summary>Where it stands.</summary>
    public TransactionStatus CurrentStatus { get; } = currentStatus;

    /// <summary>What cannot be done, and why, as a clause.</summary>
    public string Reason { get; } = reason;
}
