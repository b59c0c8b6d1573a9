namespace AgentPersistence.Incidents;

/// <summary>The incident has a final outcome, which stays. Nothing was stored.</summary>
/// <param name="incidentId">The incident's id.</param>
/// <param name="outcome">How it went.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class IncidentClosedException(Guid incidentId, IncidentOutcome outcome, Exception? innerException = null)
    : AgentPersistenceException(
        $"Incident {incidentId} is {outcome}, which is final; nothing was stored. Record a further attempt as an incident of its own.",
        innerException)
{
    /// <summary>The incident's id.</summary>
    public Guid IncidentId { get; } = incidentId;

    /// <summary>How it went.</summary>
    public IncidentOutcome Outcome { get; } = outcome;
}
