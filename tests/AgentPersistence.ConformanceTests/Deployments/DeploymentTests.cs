using AgentPersistence.ConformanceTests.Infrastructure;
using AgentPersistence.Deployments;

namespace AgentPersistence.ConformanceTests.Deployments;

/// <summary>What the suites of deployments have in common.</summary>
public abstract class DeploymentTests(TestDatabases databases) : DatabaseTests(databases)
{
    protected IDeploymentLog Deployments => Agent.Deployments;

    /// <summary>A new deployment, moved on to a status by the shortest way.</summary>
    protected async Task<Deployment> NewAsync(DeploymentStatus status = DeploymentStatus.Building, string? branch = null, Agent? agent = null)
    {
        DeploymentStatus[] way = status switch
        {
            DeploymentStatus.Building => [],
            DeploymentStatus.Healthy or DeploymentStatus.RolledBack => [DeploymentStatus.Deploying, status],
            _ => [status],
        };
        var log = (agent ?? Agent).Deployments;
        var deployment = await log.CreateAsync(new NewDeployment { GitSha = "abc123", Branch = branch ?? NewId("branch") }, Cancellation);
        foreach (var next in way)
        {
            deployment = await log.UpdateStatusAsync(deployment.Id, next, cancellationToken: Cancellation);
        }

        return deployment;
    }
}
