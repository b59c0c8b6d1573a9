namespace AgentPersistence.Auditing;

/// <summary>
/// The append-only, hash-chained record of what agents did. When a call returns, its entry is durable; bound to a transaction, it is
/// durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(AuditEntry.IdempotencyKey)</c>). The text of JSON members is taken
/// before the first await, so a caller may dispose its document as soon as the task is in hand.
/// </remarks>
public interface IAuditLogger
{
    /// <summary>Logs one entry. Concurrent calls share commits, and may enter the chain in any order.</summary>
    /// <param name="entry">What was done.</param>
    /// <param name="cancellationToken">Withdraws the entry if its commit has not begun.</param>
    /// <returns>The receipt; an earlier entry's if one has the same idempotency key.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="entry"/> breaks its documented rule.</exception>
    Task<AuditReceipt> LogAsync(AuditEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Logs many entries: all or none, with consecutive sequences in the order given.</summary>
    /// <param name="entries">What was done; an empty list logs nothing.</param>
    /// <param name="cancellationToken">Withdraws the entries if their commit has not begun.</param>
    /// <returns>One receipt for each entry, in order. An entry whose key is already logged takes no sequence.</returns>
    /// <exception cref="ArgumentException">A member of an entry breaks its documented rule; none is logged.</exception>
    Task<IReadOnlyList<AuditReceipt>> LogAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken = default);

    /// <summary>
    /// Logs how an action ended, as a new row that follows its last. Of several callers, across processes, exactly one succeeds.
    /// </summary>
    /// <param name="entryId">The action's id, from its receipt.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="cancellationToken">Withdraws the outcome if its commit has not begun.</param>
    /// <returns>The receipt of the new row, with the action's id.</returns>
    /// <exception cref="ArgumentException">The outcome is <see cref="AuditStatus.Pending"/>, or a member breaks its rule.</exception>
    /// <exception cref="AuditEntryNotFoundException">There is no such action.</exception>
    /// <exception cref="AuditConflictException">The action is completed already; carries where it stands.</exception>
    Task<AuditReceipt> CompleteAsync(Guid entryId, AuditOutcome outcome, CancellationToken cancellationToken = default);

    /// <summary>Reads one action.</summary>
    /// <param name="entryId">The action's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The record, or null if there is none.</returns>
    Task<AuditRecord?> FindAsync(Guid entryId, CancellationToken cancellationToken = default);

    /// <summary>Reads the action that was logged under a key.</summary>
    /// <param name="idempotencyKey">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The record, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="idempotencyKey"/> breaks a rule above.</exception>
    Task<AuditRecord?> FindByIdempotencyKeyAsync(string idempotencyKey, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of actions, in order of sequence.</summary>
    /// <param name="query">Which actions, in what order, from where.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The page; shorter than <see cref="AuditQuery.Limit"/> only when nothing follows. Inside a transaction its own unchained
    /// entries count as the newest.
    /// </returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<AuditRecord>> QueryAsync(AuditQuery query, CancellationToken cancellationToken = default);
}
