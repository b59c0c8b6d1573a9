using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Interactions.Storage;

/// <summary>The escalations' part of <see cref="InteractionLog"/>.</summary>
internal sealed class EscalationStore(StoreExecutor executor)
{
    public async Task<Escalation> EscalateAsync(Guid interactionId, NewEscalation escalation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(escalation);
        var given = new Escalation
        {
            Id = Input.Id(escalation.Id, nameof(escalation.Id)) ?? executor.Ids.Next(),
            InteractionId = interactionId,
            TriggerType = Input.Key(escalation.TriggerType, nameof(escalation.TriggerType)),
            EscalationReason = Input.RequiredText(escalation.EscalationReason, nameof(escalation.EscalationReason)),
        };
        var added = await executor.WriteAsync(
            (unit, ct) => unit.Command(unit.Dialect.AddEscalation)
                .Id("id", given.Id).Id("interaction_id", interactionId).Text("trigger", given.TriggerType)
                .Text("reason", given.EscalationReason).ReadFirstAsync(EscalationRows.Read, ct),
            cancellationToken).ConfigureAwait(false);
        return added ?? await FindSameAsync(given, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<Escalation>> QueryAsync(EscalationQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var trigger = Input.OptionalKey(query.TriggerType, nameof(query.TriggerType));
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryEscalations(query))
                .Id("interaction_id", query.InteractionId).Text("trigger", trigger)
                .Time("from", Input.Time(query.From)).Time("to", Input.Time(query.To))
                .Time("after_time", Input.Time(query.After?.CreatedAt)).Id("after_id", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(EscalationRows.Read, ct),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The escalation that has the id already, by an attempt whose answer was lost or by an earlier call.</summary>
    private async Task<Escalation> FindSameAsync(Escalation given, CancellationToken cancellationToken)
    {
        var stored = await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.FindEscalation).Id("id", given.Id).ReadFirstAsync(EscalationRows.Read, ct),
            cancellationToken).ConfigureAwait(false) ?? throw new InteractionNotFoundException(given.InteractionId);
        return stored with { CreatedAt = default } == given ? stored : throw new EscalationConflictException(given.Id);
    }
}
