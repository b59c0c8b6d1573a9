namespace AgentPersistence.Auditing.Storage;

/// <summary>A row of <c>agent_audit_staged</c>: it commits with somebody's transaction and is chained afterwards.</summary>
internal sealed class AuditStagedEntity : AuditRow;
