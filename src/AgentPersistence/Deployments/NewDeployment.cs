namespace AgentPersistence.Deployments;

/// <summary>A deployment to create. It begins as <see cref="DeploymentStatus.Building"/>.</summary>
public sealed record NewDeployment
{
    /// <summary>
    /// The deployment's id. A caller that makes it (a UUIDv7 is best) may repeat the call, even from another process:
    /// there is one deployment. Not <see cref="Guid.Empty"/>.
    /// </summary>
    /// <value>The default is null: the store makes a UUIDv7.</value>
    public Guid? Id { get; init; }

    /// <summary>The commit that is deployed. Not blank, at most 255 characters, no control characters, well-formed UTF-16.</summary>
    public required string GitSha { get; init; }

    /// <summary>The branch it is deployed from. Not blank, at most 255 characters, no control characters, well-formed UTF-16.</summary>
    public required string Branch { get; init; }
}
