namespace AgentPersistence.Incidents;

/// <summary>How an incident went. The first two are open, the others final.</summary>
public enum IncidentOutcome
{
    /// <summary>Recorded before acting: the actions are about to run, or running.</summary>
    Pending,

    /// <summary>The actions wait for somebody's approval.</summary>
    PendingApproval,

    /// <summary>All actions succeeded: what success rates count.</summary>
    Completed,

    /// <summary>Some actions succeeded and some failed.</summary>
    PartialFailure,

    /// <summary>The actions failed.</summary>
    Failed,

    /// <summary>The actions were refused, so nothing was done.</summary>
    Rejected,
}
