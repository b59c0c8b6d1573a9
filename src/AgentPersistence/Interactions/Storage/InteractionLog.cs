using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;

namespace AgentPersistence.Interactions.Storage;

internal sealed class InteractionLog(StoreExecutor executor, IRowAppender<InteractionEntity> appender) : IInteractionLog
{
    private readonly EscalationStore _escalations = new(executor);

    public async Task<Interaction> LogAsync(NewInteraction interaction, CancellationToken cancellationToken = default) =>
        (await AppendAsync([InteractionRows.Prepare(interaction, executor)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<Interaction>> LogAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(interactions);
        InteractionEntity[] rows = [.. interactions.Select(i => InteractionRows.Prepare(i, executor))];
        return rows.Length == 0 ? [] : await AppendAsync(rows, cancellationToken).ConfigureAwait(false);
    }

    public Task<Escalation> EscalateAsync(Guid interactionId, NewEscalation escalation, CancellationToken cancellationToken = default) =>
        _escalations.EscalateAsync(interactionId, escalation, cancellationToken);

    public async Task<Interaction?> FindAsync(Guid interactionId, CancellationToken cancellationToken = default)
    {
        var found = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindInteraction).Id("id", interactionId).ReadFirstAsync(InteractionRows.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return found is null ? null : InteractionRows.Record(found);
    }

    public async Task<IReadOnlyList<Interaction>> QueryAsync(InteractionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var mode = InteractionRows.TextOf(query.AssistantMode, nameof(query.AssistantMode));
        var sessionId = Input.OptionalKey(query.SessionId, nameof(query.SessionId));
        var intent = Input.Name(query.IntentName, nameof(query.IntentName));
        var category = InteractionRows.TextOf(query.IntentCategory, nameof(query.IntentCategory));
        var outcome = InteractionRows.TextOf(query.Outcome, nameof(query.Outcome));
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryInteractions(query))
                .Text("mode", mode).Text("session_id", sessionId).Text("intent", intent).Text("category", category).Text("outcome", outcome)
                .Time("from", Input.Time(query.From)).Time("to", Input.Time(query.To))
                .Time("after_time", Input.Time(query.After?.Timestamp)).Id("after_id", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(row => InteractionRows.Record(InteractionRows.Read(row)), ct),
            cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<Escalation>> QueryEscalationsAsync(EscalationQuery query, CancellationToken cancellationToken = default) =>
        _escalations.QueryAsync(query, cancellationToken);

    public Task<bool> DeleteAsync(Guid interactionId, CancellationToken cancellationToken = default) => executor.WriteAsync(
        async (unit, ct) =>
        {
            var deleted = await unit.Command(unit.Dialect.DeleteInteraction).Id("id", interactionId).ExecuteAsync(ct).ConfigureAwait(false);

            // After a lost answer nobody can know who deleted it; it is gone, as the caller asked.
            return deleted > 0 || unit.IsRepeat;
        },
        cancellationToken);

    public async Task<InteractionMetrics> GetMetricsAsync(
        InteractionMetricsQuery? query = null, CancellationToken cancellationToken = default)
    {
        var asked = query ?? new InteractionMetricsQuery();
        var mode = InteractionRows.TextOf(asked.AssistantMode, nameof(asked.AssistantMode));
        Input.Defined(asked.Interval, nameof(asked.Interval));
        var rows = await executor.ReadAsync(
            (unit, ct) =>
            {
                // A host's transaction keeps the settings it has.
                var measure = unit.Dialect.MeasureInteractions(asked);
                var (statement, skipResults) = executor.InTransaction ? (measure, 0) : unit.Dialect.Uncompiled(measure);
                return unit.Command(statement).Unhurried()
                    .Text("mode", mode).Time("from", Input.Time(asked.From)).Time("to", Input.Time(asked.To))
                    .ReadAllAsync(InteractionFigure.Read, ct, skipResults);
            },
            cancellationToken).ConfigureAwait(false);
        return InteractionFigures.Metrics(rows);
    }

    private async Task<Interaction[]> AppendAsync(InteractionEntity[] rows, CancellationToken cancellationToken)
    {
        var append = new RowAppend<InteractionEntity>(rows);
        await appender.AppendAsync(append, cancellationToken).ConfigureAwait(false);
        return append.Refusal is null ? Array.ConvertAll(append.Stored, InteractionRows.Record) : throw append.Refusal;
    }
}
