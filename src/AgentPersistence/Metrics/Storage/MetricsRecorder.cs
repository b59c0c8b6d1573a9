using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Metrics.Storage;

internal sealed class MetricsRecorder(StoreExecutor executor) : IMetricsRecorder
{
    public Task RecordRunAsync(RunMetrics run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var runId = Input.Key(run.RunId, nameof(run.RunId));
        var journey = Input.Name(run.JourneyName, nameof(run.JourneyName));
        var duration = Input.NotNegative(run.DurationMs, nameof(run.DurationMs));
        var outcome = Input.Name(run.FinalOutcome, nameof(run.FinalOutcome));
        var ticket = Input.OptionalKey(run.TicketId, nameof(run.TicketId));

        // Repeated after a lost answer it stores the same again, so it needs no write id.
        return executor.WriteAsync(
            (unit, ct) => unit.Command(unit.Dialect.RecordRun)
                .Text("run_id", runId).Text("journey", journey)
                .Time("start", Input.Time(run.StartTime)).Time("end", Input.Time(run.EndTime))
                .Number("duration", duration).Text("outcome", outcome).Text("ticket", ticket)
                .ExecuteAsync(ct),
            cancellationToken);
    }

    public async Task<RunMetrics?> FindRunAsync(string runId, CancellationToken cancellationToken = default)
    {
        var id = Input.Key(runId, nameof(runId));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindRun).Text("run_id", id).ReadFirstAsync(ReadRun, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<RunMetrics>> QueryRunsAsync(RunQuery query, CancellationToken cancellationToken = default)
    {
        var asked = Check(query);
        var limit = Input.Limit(asked.Limit, Input.MaxPageSize, nameof(query.Limit));
        var afterId = asked.After is { } after ? Input.Key(after.RunId, nameof(query.After)) : null;
        return await executor.ReadAsync(
            (unit, ct) => Filter(unit.Command(unit.Dialect.QueryRuns(asked)), asked)
                .Time("after_time", Input.Time(asked.After?.StartTime)).Text("after_id", afterId).Number("limit", limit)
                .ReadAllAsync(ReadRun, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<RunSummary> SummarizeRunsAsync(RunQuery? query = null, CancellationToken cancellationToken = default)
    {
        var asked = Check(query ?? new RunQuery());
        var rows = await executor.ReadAsync(
            (unit, ct) => Filter(unit.Command(unit.Dialect.SummarizeRuns(asked)), asked).ReadAllAsync(RunFigures.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return RunFigures.Summarize(rows);
    }

    private static RunQuery Check(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query with
        {
            JourneyName = Input.Name(query.JourneyName, nameof(query.JourneyName)),
            FinalOutcome = Input.Name(query.FinalOutcome, nameof(query.FinalOutcome)),
            From = Input.Time(query.From),
            To = Input.Time(query.To),
        };
    }

    private static StoreCommand Filter(StoreCommand command, RunQuery query) => command
        .Text("journey", query.JourneyName).Text("outcome", query.FinalOutcome).Time("from", query.From).Time("to", query.To);

    private static RunMetrics ReadRun(StoreReader row)
    {
        var columns = row.Table<RunMetricsEntity>();
        return new RunMetrics
        {
            RunId = row.Text(columns.Ordinal(nameof(RunMetricsEntity.RunId))),
            JourneyName = row.TextOrNull(columns.Ordinal(nameof(RunMetricsEntity.JourneyName))),
            StartTime = row.TimeOrNull(columns.Ordinal(nameof(RunMetricsEntity.StartTime))),
            EndTime = row.TimeOrNull(columns.Ordinal(nameof(RunMetricsEntity.EndTime))),
            DurationMs = row.NumberOrNull(columns.Ordinal(nameof(RunMetricsEntity.DurationMs))),
            FinalOutcome = row.TextOrNull(columns.Ordinal(nameof(RunMetricsEntity.FinalOutcome))),
            TicketId = row.TextOrNull(columns.Ordinal(nameof(RunMetricsEntity.TicketId))),
        };
    }
}
