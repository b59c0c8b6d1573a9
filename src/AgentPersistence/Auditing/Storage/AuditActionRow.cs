namespace AgentPersistence.Auditing.Storage;

/// <summary>A stored row as the chain and a completion need to know it. A staged row has no sequence.</summary>
internal sealed record AuditActionRow(Guid Id, Guid ActionId, Guid? PreviousId, string Status, string? IdempotencyKey, long? Sequence)
{
    public AuditReceipt Receipt(bool alreadyLogged) => new(ActionId, Sequence, alreadyLogged);
}

/// <summary>Whom an action concerns, by its first row.</summary>
internal sealed record AuditSubject(string? RunId, string? UserId, string? SessionId, bool IsErased);
