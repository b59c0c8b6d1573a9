namespace AgentPersistence.Incidents;

/// <summary>An incident of this id is stored with another signal cluster, root cause or confidence. Nothing was stored.</summary>
/// <param name="incidentId">The id that is taken.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class IncidentConflictException(Guid incidentId, Exception? innerException = null)
    : AgentPersistenceException(
        $"Incident {incidentId} is stored with another signal cluster, root cause or confidence; nothing was stored. Give each incident "
        + "an id of its own, or leave it to the store.",
        innerException)
{
    /// <summary>The id that is taken.</summary>
    public Guid IncidentId { get; } = incidentId;
}
