namespace AgentPersistence.Transactions;

/// <summary>The journal has no transaction with this id.</summary>
/// <param name="transactionId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class TransactionNotFoundException(Guid transactionId, Exception? innerException = null)
    : AgentPersistenceException($"There is no transaction {transactionId} in the journal. Begin it with BeginAsync.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid TransactionId { get; } = transactionId;
}
