namespace AgentPersistence.Tokens;

/// <summary>
/// What model calls used and cost, and budgets that many callers share without overspending. When a call returns, what it wrote is durable;
/// bound to a transaction, it is durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewTokenEntry.Scope)</c>). A write whose answer is lost is repeated
/// safely: nothing is logged, taken, settled or released twice.
/// </remarks>
public interface ITokenLedger
{
    /// <summary>
    /// Logs one call. Concurrent calls share commits. A run, call and attempt that is logged already, with the same content, stores
    /// nothing: scope, provider, model, tokens and ids must agree, and so must cost, currency and time where this entry states them.
    /// </summary>
    /// <param name="entry">What the call used.</param>
    /// <param name="cancellationToken">Withdraws the entry if its commit has not begun.</param>
    /// <returns>The entry as stored, by this call or before (<see cref="TokenEntry.AlreadyLogged"/>).</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="entry"/> breaks its documented rule.</exception>
    /// <exception cref="InvalidOperationException"><see cref="TokenOptions.Pricing"/> answered a cost out of its range.</exception>
    /// <exception cref="TokenEntryConflictException">The run, call and attempt is logged with another content.</exception>
    Task<TokenEntry> LogAsync(NewTokenEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Logs many calls: all or none.</summary>
    /// <param name="entries">What the calls used; an empty list logs nothing.</param>
    /// <param name="cancellationToken">Withdraws the entries if their commit has not begun.</param>
    /// <returns>One entry for each, in order.</returns>
    /// <exception cref="ArgumentException">A member of an entry breaks its documented rule; none is logged.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="TokenOptions.Pricing"/> answered a cost out of its range; none is logged.
    /// </exception>
    /// <exception cref="TokenEntryConflictException">
    /// A run, call and attempt is logged, or given twice, with another content; none is logged.
    /// </exception>
    Task<IReadOnlyList<TokenEntry>> LogAsync(IReadOnlyList<NewTokenEntry> entries, CancellationToken cancellationToken = default);

    /// <summary>Reads one entry.</summary>
    /// <param name="entryId">The entry's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entry, or null if there is none.</returns>
    Task<TokenEntry?> FindAsync(Guid entryId, CancellationToken cancellationToken = default);

    /// <summary>Reads the entry of one attempt at a call.</summary>
    /// <param name="runId">The run. Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="callId">The call, under the same rules.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entry, or null if there is none.</returns>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    Task<TokenEntry?> FindAsync(string runId, string callId, int attempt = 1, CancellationToken cancellationToken = default);

    /// <summary>Reads entries, newest call first.</summary>
    /// <param name="query">Which, and how many at most.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The entries. For the next page pass the last of them as <see cref="TokenQuery.After"/>.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<TokenEntry>> QueryAsync(TokenQuery query, CancellationToken cancellationToken = default);

    /// <summary>Sums up each day of a range, by the time of the calls. Days are UTC.</summary>
    /// <param name="firstDay">The first day.</param>
    /// <param name="lastDay">The last day, included; at most 3,660 days in all.</param>
    /// <param name="query">Which entries; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One record for each day of the range, in order, those without entries included.</returns>
    /// <exception cref="ArgumentException">
    /// The range is empty or too long, or a member of <paramref name="query"/> breaks its rule.
    /// </exception>
    Task<IReadOnlyList<DailyTokenUsage>> GetDailyUsageAsync(
        DateOnly firstDay, DateOnly lastDay, TokenQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Sums up the last days by scope, provider and model.</summary>
    /// <param name="days">How many times 24 hours back from now: 1 to 36,500.</param>
    /// <param name="query">Which entries; null for all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One record for each combination that has entries, ordered by scope, provider and model.</returns>
    /// <exception cref="ArgumentException"><paramref name="days"/> or a member of <paramref name="query"/> breaks its rule.</exception>
    Task<IReadOnlyList<TokenStatistics>> GetStatisticsAsync(
        int days = 7, TokenQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets the limit of a budget, and makes the budget if there is none. What it has used and what is reserved stays; a limit below that
    /// only refuses further reservations. The last caller wins.
    /// </summary>
    /// <param name="budget">What names it.</param>
    /// <param name="limit">
    /// What may be used in one period: 0 to 10¹⁵ tokens without decimals, or 0 to 10⁹ of the currency with nine at most.
    /// </param>
    /// <param name="cancellationToken">Cancels the call; the limit may be set all the same.</param>
    /// <returns>The budget as it stands.</returns>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    Task<TokenBudget> SetBudgetAsync(TokenBudgetKey budget, decimal limit, CancellationToken cancellationToken = default);

    /// <summary>Reads one budget.</summary>
    /// <param name="budget">What names it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The budget as it stands, or null if there is none.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="budget"/> breaks its documented rule.</exception>
    Task<TokenBudget?> FindBudgetAsync(TokenBudgetKey budget, CancellationToken cancellationToken = default);

    /// <summary>Reads budgets, ordered by scope, period and unit.</summary>
    /// <param name="query">Which, and how many at most.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The budgets as they stand. For the next page pass the last of them as <see cref="TokenBudgetQuery.After"/>.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<TokenBudget>> QueryBudgetsAsync(TokenBudgetQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes a budget with its reservations.</summary>
    /// <param name="budget">What names it.</param>
    /// <param name="cancellationToken">Cancels the call; the budget may be deleted all the same.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="budget"/> breaks its documented rule.</exception>
    Task<bool> DeleteBudgetAsync(TokenBudgetKey budget, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes an amount from a budget, if it has that much left. However many callers and processes reserve at once, what is used and
    /// reserved never exceeds the limit by it. Expired reservations are given back first. Inside a transaction others wait for it to end.
    /// </summary>
    /// <param name="reservation">The budget, the amount, and for how long.</param>
    /// <param name="cancellationToken">Cancels the call; the amount may be taken all the same, until it expires.</param>
    /// <returns>The reservation, or what is left.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="reservation"/> breaks its documented rule.</exception>
    /// <exception cref="TokenBudgetNotFoundException">There is no such budget.</exception>
    /// <exception cref="TokenReservationConflictException">The given id is taken by a reservation of another budget or amount.</exception>
    Task<TokenReservationResult> TryReserveAsync(NewTokenReservation reservation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives a reservation back and counts what was really used, in the period that runs now: also when that is more than was reserved, or
    /// than is left, and when the reservation has expired. Once: settling again with the same figure changes nothing.
    /// </summary>
    /// <param name="reservationId">The reservation's id.</param>
    /// <param name="used">
    /// What was used: 0 to 10¹⁵ whole tokens, or 0 to 10⁹ of the currency; money is counted in billionths, rounded up.
    /// </param>
    /// <param name="cancellationToken">Cancels the call; the reservation may be settled all the same.</param>
    /// <returns>The reservation as settled.</returns>
    /// <exception cref="ArgumentException"><paramref name="used"/> breaks its rule.</exception>
    /// <exception cref="TokenReservationNotFoundException">There is no such reservation.</exception>
    /// <exception cref="TokenReservationConflictException">It was released, or settled with another figure.</exception>
    Task<TokenReservation> SettleAsync(Guid reservationId, decimal used, CancellationToken cancellationToken = default);

    /// <summary>Gives a reservation back of which nothing was used. Once: releasing again changes nothing.</summary>
    /// <param name="reservationId">The reservation's id.</param>
    /// <param name="cancellationToken">Cancels the call; the reservation may be released all the same.</param>
    /// <returns>The reservation as released.</returns>
    /// <exception cref="TokenReservationNotFoundException">There is no such reservation.</exception>
    /// <exception cref="TokenReservationConflictException">It was settled.</exception>
    Task<TokenReservation> ReleaseAsync(Guid reservationId, CancellationToken cancellationToken = default);

    /// <summary>Reads one reservation.</summary>
    /// <param name="reservationId">The reservation's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The reservation, or null if there is none.</returns>
    Task<TokenReservation?> FindReservationAsync(Guid reservationId, CancellationToken cancellationToken = default);
}
