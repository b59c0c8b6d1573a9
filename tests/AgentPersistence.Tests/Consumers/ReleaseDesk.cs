using AgentPersistence.Deployments;

namespace AgentPersistence.Tests.Consumers;

/// <summary>How a host rolls out what was built, and finds what to go back to.</summary>
internal sealed class ReleaseDesk(IDeploymentLog deployments)
{
    public async Task<string> BeginAsync(Guid id, string gitSha)
    {
        try
        {
            var deployment = await deployments.CreateAsync(new NewDeployment { Id = id, GitSha = gitSha, Branch = "main" });
            return deployment.AlreadyStored ? "begun before" : "begun";
        }
        catch (DeploymentConflictException conflict)
        {
            return $"{conflict.DeploymentId} is another's";
        }
    }

    public async Task<string> FinishAsync(Guid id, string report)
    {
        try
        {
            return $"{(await deployments.UpdateStatusAsync(id, DeploymentStatus.Healthy, report)).Status}";
        }
        catch (DeploymentTransitionException refusal)
        {
            return $"stays {refusal.CurrentStatus}";
        }
        catch (DeploymentNotFoundException)
        {
            return "never begun";
        }
    }

    public async Task<string?> GoBackToAsync() => (await deployments.FindLatestHealthyAsync("main"))?.GitSha;
}
