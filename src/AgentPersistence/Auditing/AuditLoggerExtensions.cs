using AgentPersistence.Internal;

namespace AgentPersistence.Auditing;

/// <summary>The questions most often asked of the audit log.</summary>
public static class AuditLoggerExtensions
{
    /// <summary>Reads what was last done for a user, the newest first.</summary>
    /// <param name="audit">The log.</param>
    /// <param name="userId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="limit">How many records at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The records; empty if there are none.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="userId"/> breaks a rule above, or <paramref name="limit"/> is out of range.
    /// </exception>
    public static async Task<IReadOnlyList<AuditRecord>> GetByUserAsync(
        this IAuditLogger audit, string userId, int limit = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audit);
        var query = new AuditQuery
        {
            UserId = Input.Key(userId, nameof(userId)),
            Limit = Input.Limit(limit, Input.MaxPageSize, nameof(limit)),
        };
        return await audit.QueryAsync(query, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a session's whole trail, the oldest first, however long: page by page, all in memory at the end.</summary>
    /// <param name="audit">The log.</param>
    /// <param name="sessionId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The records; empty if there are none.</returns>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> breaks a rule above.</exception>
    /// <exception cref="AgentPersistenceException">
    /// The trail does not end within one page of 10,000 and the rest cannot be reached, because an open transaction has logged that
    /// many entries itself.
    /// </exception>
    public static async Task<IReadOnlyList<AuditRecord>> GetBySessionAsync(
        this IAuditLogger audit, string sessionId, CancellationToken cancellationToken = default) =>
        await ReadAllAsync(audit, new AuditQuery { SessionId = Input.Key(sessionId, nameof(sessionId)) }, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Reads a run's whole trail, the oldest first, however long: page by page, all in memory at the end.</summary>
    /// <param name="audit">The log.</param>
    /// <param name="runId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The records; empty if there are none.</returns>
    /// <exception cref="ArgumentException"><paramref name="runId"/> breaks a rule above.</exception>
    /// <exception cref="AgentPersistenceException">
    /// The trail does not end within one page of 10,000 and the rest cannot be reached, because an open transaction has logged that
    /// many entries itself.
    /// </exception>
    public static async Task<IReadOnlyList<AuditRecord>> GetByRunAsync(
        this IAuditLogger audit, string runId, CancellationToken cancellationToken = default) =>
        await ReadAllAsync(audit, new AuditQuery { RunId = Input.Key(runId, nameof(runId)) }, cancellationToken)
            .ConfigureAwait(false);

    private static async Task<IReadOnlyList<AuditRecord>> ReadAllAsync(
        IAuditLogger audit, AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(audit);
        query = query with { OldestFirst = true, Limit = Input.MaxPageSize };
        var page = await audit.QueryAsync(query, cancellationToken).ConfigureAwait(false);
        if (page.Count < query.Limit)
            return page;

        var all = new List<AuditRecord>(page);
        while (page.Count >= query.Limit)
        {
            // Entries that an open transaction has yet to chain have no sequence to go on from.
            if (page[^1].Sequence <= (query.AfterSequence ?? 0))
                throw new AgentPersistenceException(
                    $"The trail is longer than {query.Limit} entries and cannot be read on, because entries of this transaction are not "
                    + "chained yet. Read it after the commit.");
            query = query with { AfterSequence = page[^1].Sequence };
            page = await audit.QueryAsync(query, cancellationToken).ConfigureAwait(false);
            all.AddRange(page);
        }
        return all;
    }
}
