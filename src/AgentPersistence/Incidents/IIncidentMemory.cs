namespace AgentPersistence.Incidents;

/// <summary>
/// What was learnt from incidents: what was seen, what it was taken for and how sure that was, what was done, and how it went. When a call
/// returns, what it wrote is durable; bound to a transaction, it is durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewIncident.RootCause)</c>). The text of JSON members is taken before the
/// first await. A write whose answer is lost is repeated safely: it is never stored twice.
/// </remarks>
public interface IIncidentMemory
{
    /// <summary>
    /// Records an incident before acting on it, and its confidence in the history (cause <see cref="ConfidenceRecord.IncidentRecorded"/>),
    /// both or neither. The same id with the same signal cluster, root cause and confidence stores nothing again, whatever has become of
    /// the incident since.
    /// </summary>
    /// <param name="incident">What to record.</param>
    /// <param name="cancellationToken">Cancels the call; the incident may be recorded all the same.</param>
    /// <returns>The incident's id, and what there is to know about how it was stored.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="incident"/> breaks its documented rule.</exception>
    /// <exception cref="IncidentConflictException">The id is stored with something else.</exception>
    Task<IncidentReceipt> RecordAsync(NewIncident incident, CancellationToken cancellationToken = default);

    /// <summary>
    /// Updates how an incident went, after acting. Open outcomes (<see cref="IncidentOutcome.Pending"/>,
    /// <see cref="IncidentOutcome.PendingApproval"/>) may become any other; a final one stays, and setting it again with the same actions,
    /// or none, changes nothing.
    /// </summary>
    /// <param name="incidentId">The incident's id.</param>
    /// <param name="update">What to set.</param>
    /// <param name="cancellationToken">Cancels the call; the update may be stored all the same.</param>
    /// <returns>The incident as stored.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="update"/> breaks its documented rule.</exception>
    /// <exception cref="IncidentNotFoundException">There is no such incident.</exception>
    /// <exception cref="IncidentClosedException">It has a final outcome already. Of several that set one, the first wins.</exception>
    /// <exception cref="WriteInDoubtException">
    /// The answer was lost and somebody else has closed the incident since: nobody can tell whether this update was stored before.
    /// </exception>
    Task<Incident> UpdateOutcomeAsync(Guid incidentId, IncidentUpdate update, CancellationToken cancellationToken = default);

    /// <summary>Reads one incident.</summary>
    /// <param name="incidentId">The incident's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The incident, or null if there is none.</returns>
    Task<Incident?> FindAsync(Guid incidentId, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of incidents, the one recorded last first, then by id.</summary>
    /// <param name="query">Which incidents.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="IncidentQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<Incident>> QueryAsync(IncidentQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds the incidents that resemble a signal most. With a vector, given here or by <see cref="IncidentOptions.Embedding"/>, it
    /// compares the incidents that have one of as many numbers; where there is none such, and without a vector, it compares words. The
    /// answer says which of the two it was.
    /// </summary>
    /// <param name="signalCluster">The signal, in words: a description, an error code, a log line. Never read as query syntax.</param>
    /// <param name="limit">How many incidents at most: 1 to 1,000.</param>
    /// <param name="embedding">
    /// The signal as a vector, by the same model as the incidents': 1 to 8,192 finite numbers, not all zero. Null: the configured function
    /// makes it, if there is one.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The incidents, the most similar first.</returns>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    Task<SimilarIncidents> FindSimilarAsync(
        string signalCluster, int limit = 5, ReadOnlyMemory<float>? embedding = null, CancellationToken cancellationToken = default);

    /// <summary>Appends a confidence to the history. Concurrent calls share commits.</summary>
    /// <param name="confidence">What to append.</param>
    /// <param name="cancellationToken">Withdraws it if its commit has not begun.</param>
    /// <returns>The record as stored.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="confidence"/> breaks its documented rule.</exception>
    Task<ConfidenceRecord> AppendConfidenceAsync(NewConfidence confidence, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of the confidence history, the record appended last first.</summary>
    /// <param name="signalCluster">Only this signal cluster's, exactly; null for all.</param>
    /// <param name="days">How far back from now: 1 to 36,500 days.</param>
    /// <param name="after">The last record of the page before: the next page goes on there. Null starts at the beginning.</param>
    /// <param name="limit">How many records at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <paramref name="limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    Task<IReadOnlyList<ConfidenceRecord>> GetConfidenceHistoryAsync(
        string? signalCluster = null,
        int days = 30,
        ConfidenceRecord? after = null,
        int limit = 1_000,
        CancellationToken cancellationToken = default);

    /// <summary>How the incidents of each root cause went, computed by the database, the most frequent first.</summary>
    /// <param name="from">Only incidents recorded at or after this time; null for all.</param>
    /// <param name="limit">How many root causes at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One row for each root cause; empty if there is no incident.</returns>
    /// <exception cref="ArgumentException"><paramref name="limit"/> is out of range.</exception>
    Task<IReadOnlyList<RootCauseStatistics>> GetSuccessRatesByRootCauseAsync(
        DateTimeOffset? from = null, int limit = 1_000, CancellationToken cancellationToken = default);
}
