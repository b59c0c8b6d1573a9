using System.Text.Json;

namespace AgentPersistence.Approvals;

/// <summary>
/// Approvals: an exact action is proposed, an identified approver decides once, and what was approved is consumed once. When a call
/// returns, what it wrote is durable; bound to a transaction, it is durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewApproval.Action)</c>). The text of JSON is taken before the first
/// await. A write whose answer is lost is repeated safely, and never reported as a conflict with itself. Expiry is judged by the
/// database's clock.
/// </remarks>
public interface IApprovalStore
{
    /// <summary>Asks for an approval.</summary>
    /// <param name="approval">What is proposed.</param>
    /// <param name="cancellationToken">Cancels the call; the approval may be stored all the same.</param>
    /// <returns>
    /// The approval. With the id of one that has the same proposal, action, thread, job and requester that one, as it stands: nothing was
    /// stored, and its expiry is the first one's.
    /// </returns>
    /// <exception cref="ArgumentException">A member of <paramref name="approval"/> breaks its documented rule.</exception>
    /// <exception cref="DuplicateApprovalException">The id is another approval's. Nothing was stored.</exception>
    Task<Approval> CreateAsync(NewApproval approval, CancellationToken cancellationToken = default);

    /// <summary>Reads one approval, whatever became of it.</summary>
    /// <param name="approvalId">The approval's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The approval, or null if there is none.</returns>
    Task<Approval?> FindAsync(Guid approvalId, CancellationToken cancellationToken = default);

    /// <summary>Reads where an approval stands now.</summary>
    /// <param name="approvalId">The approval's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Its status. That it is approved does not say that nobody has consumed it.</returns>
    /// <exception cref="ApprovalNotFoundException">There is no such approval.</exception>
    Task<ApprovalStatus> CheckAsync(Guid approvalId, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of approvals; by default of those that wait for a decision, the longest waiting first.</summary>
    /// <param name="query">Which approvals.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page, by creation time, then by id; shorter than <see cref="ApprovalQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<Approval>> QueryAsync(ApprovalQuery query, CancellationToken cancellationToken = default);

    /// <summary>Decides a pending approval, once. The same decision by the same approver again changes nothing and succeeds.</summary>
    /// <param name="approvalId">The approval's id.</param>
    /// <param name="decision">Whether the action may be taken.</param>
    /// <param name="decidedBy">
    /// Who decides; the caller vouches for it. Not blank, at most 255 characters, no control characters, well-formed UTF-16.
    /// </param>
    /// <param name="reason">Why; null for no reason. Free text.</param>
    /// <param name="cancellationToken">Cancels the call; the decision may be stored all the same.</param>
    /// <returns>The approval as decided.</returns>
    /// <exception cref="ArgumentException">An argument breaks its rule.</exception>
    /// <exception cref="ApprovalNotFoundException">There is no such approval.</exception>
    /// <exception cref="ApprovalConflictException">
    /// It is decided otherwise or by somebody else, superseded or expired. Nothing was stored.
    /// </exception>
    Task<Approval> ResolveAsync(
        Guid approvalId,
        ApprovalDecision decision,
        string decidedBy,
        string? reason = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces an approval that is pending, or approved and not consumed, by an edited proposal, which waits for a decision of its own.
    /// Both are stored together or not at all.
    /// </summary>
    /// <param name="approvalId">The approval to replace. It is <see cref="ApprovalStatus.Superseded"/> then.</param>
    /// <param name="replacement">
    /// The edited proposal. Thread and job are the replaced one's unless given; requester and expiry are its own. With an
    /// <see cref="NewApproval.Id"/> of its own the call may be repeated.
    /// </param>
    /// <param name="cancellationToken">Cancels the call; the replacement may be stored all the same.</param>
    /// <returns>The new approval, whose <see cref="Approval.Supersedes"/> is <paramref name="approvalId"/>.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="replacement"/> breaks its documented rule.</exception>
    /// <exception cref="ApprovalNotFoundException">There is no such approval to replace.</exception>
    /// <exception cref="ApprovalConflictException">It is rejected, superseded by another, or expired. Nothing was stored.</exception>
    /// <exception cref="ApprovalConsumedException">It is consumed. Nothing was stored.</exception>
    /// <exception cref="DuplicateApprovalException">The replacement's id is another approval's. Nothing was stored.</exception>
    Task<Approval> SupersedeAsync(Guid approvalId, NewApproval replacement, CancellationToken cancellationToken = default);

    /// <summary>
    /// Uses an approval up, once and for good. Meant for the transaction that starts the effect
    /// (<see cref="IAgentTransaction.Approvals"/>): rolled back, the approval is unconsumed. Consumed on its own, a crash before the effect
    /// leaves it consumed without one.
    /// </summary>
    /// <param name="approvalId">The approval's id.</param>
    /// <param name="action">
    /// The action that is about to be taken, under the rules of <see cref="NewApproval.Action"/>. It must be the one that was proposed;
    /// white space, the order of properties and the spelling of numbers and escapes do not count.
    /// </param>
    /// <param name="cancellationToken">Cancels the call; the approval may be consumed all the same.</param>
    /// <returns>The approval as consumed.</returns>
    /// <exception cref="ArgumentException"><paramref name="action"/> breaks its rule.</exception>
    /// <exception cref="ApprovalNotFoundException">There is no such approval.</exception>
    /// <exception cref="ApprovalActionMismatchException">It is for another action, whatever its status. Nothing was consumed.</exception>
    /// <exception cref="ApprovalNotApprovedException">It is not approved, or no longer. Nothing was consumed.</exception>
    /// <exception cref="ApprovalConsumedException">Somebody else has consumed it.</exception>
    Task<Approval> ConsumeAsync(Guid approvalId, JsonElement action, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until an approval is no longer pending. A decision made through this store is noticed at once; one made by another process, or
    /// in a transaction, within about a second. However many wait, the process asks the database in one statement.
    /// </summary>
    /// <param name="approvalId">The approval's id.</param>
    /// <param name="timeout">How long to wait at most: zero (only look) to 1 day.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>
    /// The approval as it stands then: approved, rejected, superseded (go on with <see cref="Approval.SupersededBy"/>) or expired; still
    /// pending when the time was over. A time-out never approves.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="timeout"/> is out of range.</exception>
    /// <exception cref="ApprovalNotFoundException">There is no such approval.</exception>
    /// <exception cref="InvalidOperationException">
    /// The store is bound to a transaction, which must not be held open while somebody thinks.
    /// </exception>
    Task<Approval> WaitAsync(Guid approvalId, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores that approvals are expired which are past their expiry, the longest expired first, in one bounded write. Reads show them so
    /// anyway. What somebody's open transaction holds is left for the next call.
    /// </summary>
    /// <param name="limit">How many at most: 1 to 10,000. As many returned means that more may be left.</param>
    /// <param name="cancellationToken">Cancels the call; they may be stored all the same.</param>
    /// <returns>How many were stored by this call; fewer where an answer was lost.</returns>
    /// <exception cref="ArgumentException"><paramref name="limit"/> is out of range.</exception>
    Task<int> ExpireAsync(int limit = 1_000, CancellationToken cancellationToken = default);
}
