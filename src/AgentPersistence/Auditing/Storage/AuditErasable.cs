namespace AgentPersistence.Auditing.Storage;

/// <summary>What an erasure takes from a row, and what it leaves.</summary>
internal static class AuditErasable
{
    /// <summary>Set to null together, with the salt; in the order in which they are hashed.</summary>
    public static readonly IReadOnlyList<string> PersonalColumns =
    [
        nameof(AuditRow.UserId), nameof(AuditRow.InputData), nameof(AuditRow.OutputData), nameof(AuditRow.EventDetails),
        nameof(AuditRow.ErrorMessage),
    ];

    /// <summary>Never changed.</summary>
    public static readonly IReadOnlyList<string> KeptColumns =
    [
        nameof(AuditRow.Id), nameof(AuditEntryEntity.Sequence), nameof(AuditRow.ActionId), nameof(AuditRow.PreviousId),
        nameof(AuditRow.RunId), nameof(AuditRow.SessionId), nameof(AuditRow.EventType), nameof(AuditRow.Intent), nameof(AuditRow.Action),
        nameof(AuditRow.Status), nameof(AuditRow.IdempotencyKey), nameof(AuditRow.OccurredAt), nameof(AuditRow.CreatedAt),
        nameof(AuditRow.Format), nameof(AuditRow.PersonalHash), nameof(AuditEntryEntity.Hash),
    ];
}
