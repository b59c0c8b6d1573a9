namespace AgentPersistence.Interactions;

/// <summary>The id is another escalation's: of another interaction, trigger or reason. Nothing was stored.</summary>
/// <param name="escalationId">The id that is taken.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class EscalationConflictException(Guid escalationId, Exception? innerException = null)
    : AgentPersistenceException(
        $"There is an escalation {escalationId} with another content; nothing was stored. Make an id for each escalation.",
        innerException)
{
    /// <summary>The id that is taken.</summary>
    public Guid EscalationId { get; } = escalationId;
}
