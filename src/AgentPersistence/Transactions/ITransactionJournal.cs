namespace AgentPersistence.Transactions;

/// <summary>
/// The journal of effects that may have to be undone: what it takes is stored before the effect, and a compensation is run by one at a
/// time, until it has succeeded. Each step is in the audit log too, in the same commit. When a call returns, what it wrote is durable;
/// bound to a transaction of the database, it is durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewTransaction.StepKey)</c>). The text of JSON members is taken before
/// the first await. A call whose answer was lost is repeated safely: it is never stored twice.
/// </remarks>
public interface ITransactionJournal
{
    /// <summary>
    /// Stores what is about to be done and what it takes to undo it, and logs it as pending. Of several callers under one idempotency
    /// key, across processes, one begins.
    /// </summary>
    /// <param name="transaction">What is about to be done.</param>
    /// <param name="cancellationToken">Cancels the call; the transaction may be begun all the same.</param>
    /// <returns>The transaction, begun by this call or before (<see cref="TransactionReceipt.AlreadyBegun"/>).</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="transaction"/> breaks its documented rule.</exception>
    /// <exception cref="TransactionConflictException">The key is stored with another fingerprint, or for another user.</exception>
    Task<TransactionReceipt> BeginAsync(NewTransaction transaction, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores that the effect has taken place, and completes the audit entry. Completing again changes nothing: the first result stays.
    /// </summary>
    /// <param name="transactionId">The transaction's id.</param>
    /// <param name="result">What the effect has given; null for nothing.</param>
    /// <param name="cancellationToken">Cancels the call; the result may be stored all the same.</param>
    /// <returns>The transaction, completed.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="result"/> breaks its documented rule.</exception>
    /// <exception cref="TransactionNotFoundException">There is no such transaction.</exception>
    /// <exception cref="TransactionConflictException">
    /// It has failed, is rolled back, or a compensation holds it. The caller, whose effect nobody may have undone, must undo it, or roll back
    /// the database transaction that they share.
    /// </exception>
    Task<JournaledTransaction> CompleteAsync(
        Guid transactionId, TransactionResult? result = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores that the effect has not taken place, and completes the audit entry as a failure. Where that is not known, leave it pending
    /// or roll it back. Failing again changes nothing: the first reason stays.
    /// </summary>
    /// <param name="transactionId">The transaction's id.</param>
    /// <param name="reason">Why, as free text; the audit log shows it too.</param>
    /// <param name="cancellationToken">Cancels the call; the failure may be stored all the same.</param>
    /// <returns>The transaction, failed.</returns>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is null.</exception>
    /// <exception cref="TransactionNotFoundException">There is no such transaction.</exception>
    /// <exception cref="TransactionConflictException">It is completed, is rolled back, or a compensation holds it.</exception>
    Task<JournaledTransaction> FailAsync(Guid transactionId, string reason, CancellationToken cancellationToken = default);

    /// <summary>Stores that the host has undone the effect by itself, and logs it. Marking again changes nothing.</summary>
    /// <param name="transactionId">The transaction's id.</param>
    /// <param name="reason">Why, as free text for the audit log; null for no reason.</param>
    /// <param name="cancellationToken">Cancels the call; the mark may be stored all the same.</param>
    /// <returns>The transaction, rolled back by this call or before.</returns>
    /// <exception cref="TransactionNotFoundException">There is no such transaction.</exception>
    /// <exception cref="RollbackInFlightException">A compensation holds it, and its lease has not lapsed.</exception>
    Task<RollbackReceipt> MarkRolledBackAsync(
        Guid transactionId, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Undoes a transaction: runs the compensation, one at a time across processes, and marks the transaction rolled back when it has
    /// succeeded. A pending one may be undone too, and then nobody can complete it any more.
    /// </summary>
    /// <param name="transactionId">The transaction's id.</param>
    /// <param name="compensate">
    /// Undoes the effect. After a crash it is run again, so make its effect idempotent under <see cref="Compensation.IdempotencyKey"/>, or
    /// use the overload with a transaction. Where it throws, its exception reaches the caller, and it may be tried again at once. Its
    /// token is cancelled when the claim is lost.
    /// </param>
    /// <param name="settings">How to hold the transaction and to wait for another's compensation; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels waiting, and the compensation.</param>
    /// <returns>The transaction, rolled back by this call or before (<see cref="RollbackReceipt.AlreadyRolledBack"/>).</returns>
    /// <exception cref="ArgumentException">An argument is null, or a member of <paramref name="settings"/> breaks its rule.</exception>
    /// <exception cref="TransactionNotFoundException">There is no such transaction.</exception>
    /// <exception cref="RollbackInFlightException">
    /// Somebody else's compensation holds it, beyond <see cref="RollbackSettings.WaitForOther"/>.
    /// </exception>
    /// <exception cref="LeaseLostException">
    /// The claim was lost while the compensation ran: another may have run beside it. Nothing was stored by this call.
    /// </exception>
    Task<RollbackReceipt> RollBackAsync(
        Guid transactionId,
        Func<Compensation, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Undoes a transaction exactly once, where the effect is undone in this database: what the compensation writes through the
    /// transaction it is given commits together with the mark, or not at all.
    /// </summary>
    /// <param name="transactionId">The transaction's id.</param>
    /// <param name="compensate">
    /// Undoes the effect through the stores of the transaction, or through rows of the host's own on
    /// <see cref="IAgentTransaction.DbTransaction"/>. It neither commits nor disposes the transaction. On SQLite it holds up every other
    /// writer, so what it writes elsewhere in this database waits for itself. In a journal that is bound to a transaction it is a part of
    /// that one (a savepoint): while it runs nobody else is to write there.
    /// </param>
    /// <param name="settings">How to hold the transaction and to wait for another's compensation; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels waiting, and the compensation.</param>
    /// <returns>The transaction, rolled back by this call or before (<see cref="RollbackReceipt.AlreadyRolledBack"/>).</returns>
    /// <exception cref="ArgumentException">An argument is null, or a member of <paramref name="settings"/> breaks its rule.</exception>
    /// <exception cref="TransactionNotFoundException">There is no such transaction.</exception>
    /// <exception cref="RollbackInFlightException">
    /// Somebody else's compensation holds it, beyond <see cref="RollbackSettings.WaitForOther"/>.
    /// </exception>
    /// <exception cref="LeaseLostException">The claim was lost while the compensation ran. Nothing that it wrote was stored.</exception>
    /// <exception cref="WriteInDoubtException">
    /// The connection was lost while committing, and the database did not come back in time: all of it is stored, or nothing is.
    /// </exception>
    Task<RollbackReceipt> RollBackAsync(
        Guid transactionId,
        Func<Compensation, IAgentTransaction, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Undoes a run: rolls back its completed and pending transactions, the last begun first, and stops at the first that cannot be. A
    /// failed one has had no effect and is left. Calling it again goes on where it stopped.
    /// </summary>
    /// <param name="runId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="compensate">
    /// Undoes one effect, as in <see cref="RollBackAsync(Guid, Func{Compensation, CancellationToken, Task}, RollbackSettings?, CancellationToken)"/>.
    /// </param>
    /// <param name="settings">How to hold each transaction and to wait for another's compensation; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels waiting, and the compensation that runs; what is undone stays so.</param>
    /// <returns>What is undone and what is not, and why: a failure is an answer, not an exception.</returns>
    /// <exception cref="ArgumentException">An argument is null or breaks its rule.</exception>
    Task<RunUndo> UndoRunAsync(
        string runId,
        Func<Compensation, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Undoes a run, each of its effects exactly once, in a transaction of its own together with its mark: as the other overload, with a
    /// compensation that writes through the transaction it is given.
    /// </summary>
    /// <param name="runId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="compensate">
    /// Undoes one effect, as in
    /// <see cref="RollBackAsync(Guid, Func{Compensation, IAgentTransaction, CancellationToken, Task}, RollbackSettings?, CancellationToken)"/>.
    /// </param>
    /// <param name="settings">How to hold each transaction and to wait for another's compensation; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels waiting, and the compensation that runs; what is undone stays so.</param>
    /// <returns>What is undone and what is not, and why: a failure is an answer, not an exception.</returns>
    /// <exception cref="ArgumentException">An argument is null or breaks its rule.</exception>
    Task<RunUndo> UndoRunAsync(
        string runId,
        Func<Compensation, IAgentTransaction, CancellationToken, Task> compensate,
        RollbackSettings? settings = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads one transaction.</summary>
    /// <param name="transactionId">The transaction's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The transaction, or null if there is none.</returns>
    Task<JournaledTransaction?> FindAsync(Guid transactionId, CancellationToken cancellationToken = default);

    /// <summary>Reads the transaction that was begun under a key.</summary>
    /// <param name="idempotencyKey">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The transaction, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="idempotencyKey"/> breaks a rule above.</exception>
    Task<JournaledTransaction?> FindByIdempotencyKeyAsync(string idempotencyKey, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of transactions, the last begun first.</summary>
    /// <param name="query">Which transactions, and from where.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="TransactionQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<JournaledTransaction>> QueryAsync(TransactionQuery query, CancellationToken cancellationToken = default);
}
