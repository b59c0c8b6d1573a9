namespace AgentPersistence.Deployments;

/// <summary>Where a deployment stands. The feature's README says which status may follow which.</summary>
public enum DeploymentStatus
{
    /// <summary>Being built; every deployment begins so.</summary>
    Building,

    /// <summary>Built, being tested.</summary>
    Testing,

    /// <summary>Being rolled out.</summary>
    Deploying,

    /// <summary>Rolled out and in use.</summary>
    Healthy,

    /// <summary>Undone. Final.</summary>
    RolledBack,

    /// <summary>Failed before it was healthy; what it left behind may still be rolled back.</summary>
    Failed,
}
