namespace AgentPersistence.Deployments;

/// <summary>No deployment has this id.</summary>
/// <param name="deploymentId">The id that was asked for.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class DeploymentNotFoundException(Guid deploymentId, Exception? innerException = null)
    : AgentPersistenceException($"There is no deployment {deploymentId}. Create it with CreateAsync.", innerException)
{
    /// <summary>The id that was asked for.</summary>
    public Guid DeploymentId { get; } = deploymentId;
}
