using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Interactions.Storage;

internal static class EscalationRows
{
    /// <summary>Reads <c>{Escalation.*}</c>.</summary>
    public static Escalation Read(StoreReader row)
    {
        var columns = row.Table<EscalationEntity>();
        return new Escalation
        {
            Id = row.Id(columns.Ordinal(nameof(EscalationEntity.Id))),
            InteractionId = row.Id(columns.Ordinal(nameof(EscalationEntity.InteractionId))),
            TriggerType = row.Text(columns.Ordinal(nameof(EscalationEntity.TriggerType))),
            EscalationReason = row.Text(columns.Ordinal(nameof(EscalationEntity.EscalationReason))),
            CreatedAt = row.Time(columns.Ordinal(nameof(EscalationEntity.CreatedAt))),
        };
    }
}
