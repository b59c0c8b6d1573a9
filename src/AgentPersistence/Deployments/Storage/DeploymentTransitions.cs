namespace AgentPersistence.Deployments.Storage;

/// <summary>Which status may follow which. Nothing leads back, so a status that was left is never entered again.</summary>
internal static class DeploymentTransitions
{
    private static readonly Dictionary<DeploymentStatus, DeploymentStatus[]> Next = new()
    {
        [DeploymentStatus.Building] =
            [DeploymentStatus.Testing, DeploymentStatus.Deploying, DeploymentStatus.Healthy, DeploymentStatus.Failed],
        [DeploymentStatus.Testing] = [DeploymentStatus.Deploying, DeploymentStatus.Healthy, DeploymentStatus.Failed],
        [DeploymentStatus.Deploying] = [DeploymentStatus.Healthy, DeploymentStatus.Failed, DeploymentStatus.RolledBack],
        [DeploymentStatus.Healthy] = [DeploymentStatus.RolledBack],
        [DeploymentStatus.Failed] = [DeploymentStatus.RolledBack],
        [DeploymentStatus.RolledBack] = [],
    };

    /// <summary>The statuses that one may follow.</summary>
    public static IEnumerable<DeploymentStatus> Before(DeploymentStatus status) => Next.Keys.Where(from => Next[from].Contains(status));

    /// <summary>Whether a deployment may have had one status on its way to another.</summary>
    public static bool LeadsTo(DeploymentStatus from, DeploymentStatus to) => Next[from].Any(next => next == to || LeadsTo(next, to));
}
