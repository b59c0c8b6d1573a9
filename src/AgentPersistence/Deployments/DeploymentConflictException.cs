namespace AgentPersistence.Deployments;

/// <summary>The id is another deployment's: of another commit or branch. Nothing was stored.</summary>
/// <param name="deploymentId">The id that is taken.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class DeploymentConflictException(Guid deploymentId, Exception? innerException = null)
    : AgentPersistenceException(
        $"There is a deployment {deploymentId} of another commit or branch; nothing was stored. Make an id for each deployment.",
        innerException)
{
    /// <summary>The id that is taken.</summary>
    public Guid DeploymentId { get; } = deploymentId;
}
