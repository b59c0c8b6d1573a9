namespace AgentPersistence.Metrics;

/// <summary>How agents' runs went, one row a run. When a call returns, what it wrote is durable.</summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(RunMetrics.RunId)</c>).
/// </remarks>
public interface IMetricsRecorder
{
    /// <summary>
    /// Records a run, new or known: what is set replaces what is stored, null leaves it as it was. Repeating a call is harmless.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Cancels the call; the row may be stored all the same.</param>
    /// <returns>A task that completes when the row is durable.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="run"/> breaks its documented rule.</exception>
    Task RecordRunAsync(RunMetrics run, CancellationToken cancellationToken = default);

    /// <summary>Reads one run.</summary>
    /// <param name="runId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The run, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="runId"/> breaks a rule above.</exception>
    Task<RunMetrics?> FindRunAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads one page of runs, the latest start first, then the run id that is last by its bytes; runs without a start time come last.
    /// </summary>
    /// <param name="query">Which runs.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="RunQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<RunMetrics>> QueryRunsAsync(RunQuery query, CancellationToken cancellationToken = default);

    /// <summary>Sums up all matching runs, in total and by journey. Computed by the database.</summary>
    /// <param name="query">
    /// Which runs; null for all. <see cref="RunQuery.Limit"/> and <see cref="RunQuery.After"/> are not applied.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The summary; of no runs, zero counts and null durations.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<RunSummary> SummarizeRunsAsync(RunQuery? query = null, CancellationToken cancellationToken = default);
}
