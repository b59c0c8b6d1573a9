namespace AgentPersistence.Transactions;

/// <summary>What a compensation is given: the transaction it undoes, and what proves that it may.</summary>
public sealed record Compensation
{
    /// <summary>
    /// The transaction as it stood when the compensation was claimed, with <see cref="JournaledTransaction.RollbackData"/>. Where its
    /// status is <see cref="TransactionStatus.Pending"/> nobody knows whether its effect took place; where it is
    /// <see cref="TransactionStatus.Failed"/> it has not.
    /// </summary>
    public required JournaledTransaction Transaction { get; init; }

    /// <summary>
    /// The same in every attempt to undo this transaction, and in nothing else: pass it on as the idempotency key of the undoing effect.
    /// </summary>
    public string IdempotencyKey => $"undo:{Transaction.Id}";

    /// <summary>How many times its compensation has been begun, this one included: pass it on to systems that can fence by it.</summary>
    public long Epoch => Transaction.RollbackAttempts;

    /// <summary>The random token that fences this attempt.</summary>
    public Guid Token { get; init; }

    /// <summary>Whether an earlier attempt's process let its lease lapse, so that the compensation may have taken effect in part.</summary>
    public bool IsTakeover { get; init; }
}
