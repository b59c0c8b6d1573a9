using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Auditing.Storage;

/// <summary>A staged row as it is read to be chained.</summary>
internal static class StagedAuditRow
{
    /// <summary>Reads <c>{AuditStaged.*}</c>.</summary>
    public static AuditStagedEntity Read(StoreReader row)
    {
        var columns = row.Table<AuditStagedEntity>();
        string? Text(string property) => row.TextOrNull(columns.Ordinal(property));
        return new AuditStagedEntity
        {
            Id = row.Id(columns.Ordinal(nameof(AuditRow.Id))),
            ActionId = row.Id(columns.Ordinal(nameof(AuditRow.ActionId))),
            PreviousId = row.IdOrNull(columns.Ordinal(nameof(AuditRow.PreviousId))),
            RunId = Text(nameof(AuditRow.RunId)),
            UserId = Text(nameof(AuditRow.UserId)),
            SessionId = Text(nameof(AuditRow.SessionId)),
            EventType = Text(nameof(AuditRow.EventType)),
            Intent = Text(nameof(AuditRow.Intent)),
            Action = Text(nameof(AuditRow.Action)),
            InputData = Text(nameof(AuditRow.InputData)),
            OutputData = Text(nameof(AuditRow.OutputData)),
            EventDetails = Text(nameof(AuditRow.EventDetails)),
            Status = row.Text(columns.Ordinal(nameof(AuditRow.Status))),
            ErrorMessage = Text(nameof(AuditRow.ErrorMessage)),
            IdempotencyKey = Text(nameof(AuditRow.IdempotencyKey)),
            OccurredAt = row.Time(columns.Ordinal(nameof(AuditRow.OccurredAt))),
            CreatedAt = row.Time(columns.Ordinal(nameof(AuditRow.CreatedAt))),
            Format = (short)row.Number(columns.Ordinal(nameof(AuditRow.Format))),
            Salt = row.BytesOrNull(columns.Ordinal(nameof(AuditRow.Salt))),
            PersonalHash = row.Bytes(columns.Ordinal(nameof(AuditRow.PersonalHash))),
        };
    }
}
