namespace AgentPersistence.Auditing.Storage;

/// <summary>How rows reach the log: in a commit shared with other callers, or inside one transaction.</summary>
internal interface IAuditAppender
{
    /// <summary>Waits until the rows are stored as far as this way can: durable, or part of the transaction.</summary>
    ValueTask AppendAsync(AuditAppend append, CancellationToken cancellationToken);
}
