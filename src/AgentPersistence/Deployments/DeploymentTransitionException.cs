namespace AgentPersistence.Deployments;

/// <summary>The status cannot follow the one that the deployment has. Nothing was stored.</summary>
/// <param name="deploymentId">The deployment's id.</param>
/// <param name="currentStatus">Where it stands.</param>
/// <param name="requestedStatus">Where the caller wanted it.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class DeploymentTransitionException(
    Guid deploymentId, DeploymentStatus currentStatus, DeploymentStatus requestedStatus, Exception? innerException = null)
    : AgentPersistenceException(
        $"Deployment {deploymentId} is {currentStatus} and cannot become {requestedStatus}; nothing was stored. "
        + "Somebody else may have moved it on: read it again.",
        innerException)
{
    /// <summary>The deployment's id.</summary>
    public Guid DeploymentId { get; } = deploymentId;

    /// <summary>Where it stands.</summary>
    public DeploymentStatus CurrentStatus { get; } = currentStatus;

    /// <summary>Where the caller wanted it.</summary>
    public DeploymentStatus RequestedStatus { get; } = requestedStatus;
}
