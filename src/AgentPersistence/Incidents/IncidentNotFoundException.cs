namespace AgentPersistence.Incidents;

/// <summary>There is no incident with this id. Nothing was stored.</summary>
/// <param name="incidentId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class IncidentNotFoundException(Guid incidentId, Exception? innerException = null)
    : AgentPersistenceException($"There is no incident {incidentId}; nothing was stored. Record it with RecordAsync.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid IncidentId { get; } = incidentId;
}
