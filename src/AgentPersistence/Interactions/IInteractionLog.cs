namespace AgentPersistence.Interactions;

/// <summary>
/// What users asked the assistant, how each interaction went through its pipeline, and which were escalated. When a call returns, what it
/// wrote is durable; bound to a transaction, it is durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewInteraction.UserQuery)</c>). The text of JSON members is taken before
/// the first await. A write whose answer is lost is repeated safely: it is never stored twice.
/// </remarks>
public interface IInteractionLog
{
    /// <summary>Logs one interaction. Concurrent calls share commits. It records no escalation: see <see cref="EscalateAsync"/>.</summary>
    /// <param name="interaction">The interaction.</param>
    /// <param name="cancellationToken">Withdraws the interaction if its commit has not begun.</param>
    /// <returns>The interaction as stored.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="interaction"/> breaks its documented rule.</exception>
    Task<Interaction> LogAsync(NewInteraction interaction, CancellationToken cancellationToken = default);

    /// <summary>Logs many interactions: all or none.</summary>
    /// <param name="interactions">The interactions; an empty list logs nothing.</param>
    /// <param name="cancellationToken">Withdraws the interactions if their commit has not begun.</param>
    /// <returns>One interaction for each, in order.</returns>
    /// <exception cref="ArgumentException">A member of an interaction breaks its documented rule; none is logged.</exception>
    Task<IReadOnlyList<Interaction>> LogAsync(IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken = default);

    /// <summary>Records that an interaction was escalated. With an id of the caller's it may be repeated.</summary>
    /// <param name="interactionId">The interaction's id. The interaction itself stays as it was logged, its outcome included.</param>
    /// <param name="escalation">What triggered it, and why.</param>
    /// <param name="cancellationToken">Cancels the call; the escalation may be recorded all the same.</param>
    /// <returns>The escalation as stored, by this call or before.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="escalation"/> breaks its documented rule.</exception>
    /// <exception cref="InteractionNotFoundException">There is no such interaction. Nothing was stored.</exception>
    /// <exception cref="EscalationConflictException">The id is taken by an escalation with another content. Nothing was stored.</exception>
    Task<Escalation> EscalateAsync(Guid interactionId, NewEscalation escalation, CancellationToken cancellationToken = default);

    /// <summary>Reads one interaction.</summary>
    /// <param name="interactionId">The interaction's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The interaction, or null if there is none.</returns>
    Task<Interaction?> FindAsync(Guid interactionId, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of interactions, the latest timestamp first, then by id.</summary>
    /// <param name="query">Which interactions.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="InteractionQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<Interaction>> QueryAsync(InteractionQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of escalations, the newest first, then by id.</summary>
    /// <param name="query">Which escalations.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="EscalationQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<Escalation>> QueryEscalationsAsync(EscalationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes an interaction with its escalations.</summary>
    /// <param name="interactionId">The interaction's id.</param>
    /// <param name="cancellationToken">Cancels the call; the interaction may be deleted all the same.</param>
    /// <returns>Whether there was one; true also where the answer was lost and it is gone.</returns>
    Task<bool> DeleteAsync(Guid interactionId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sums up all matching interactions, as they are at one moment. Computed by the database, from an index that holds what it needs.
    /// </summary>
    /// <param name="query">Which interactions; null for all, in a series of days.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The metrics; of no interactions, zero counts, null means and empty collections.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<InteractionMetrics> GetMetricsAsync(InteractionMetricsQuery? query = null, CancellationToken cancellationToken = default);
}
