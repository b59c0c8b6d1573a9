using AgentPersistence.Deployments;

namespace AgentPersistence.ConformanceTests.BadInput;

internal static class DeploymentPlaces
{
    private const string Table = "agent_deployments";

    private static NewDeployment Given => new() { GitSha = "f00d", Branch = "main" };

    public static IEnumerable<Place> All =>
    [
        Place.Of("NewDeployment.GitSha", PlaceKind.Key, Table, async (agent, value) =>
            (await agent.Deployments.FindAsync((await agent.Deployments.CreateAsync(Given with { GitSha = value! })).Id))?.GitSha),
        Place.Of("NewDeployment.Branch", PlaceKind.Key, Table, async (agent, value) =>
            (await agent.Deployments.FindAsync((await agent.Deployments.CreateAsync(Given with { Branch = value! })).Id))?.Branch),
        new Place("UpdateStatusAsync.reportText", PlaceKind.Text, Table, async agent =>
        {
            var id = (await agent.Deployments.CreateAsync(Given)).Id;
            return async value =>
            {
                await agent.Deployments.UpdateStatusAsync(id, DeploymentStatus.Testing, (string?)value);
                return (await agent.Deployments.FindAsync(id))?.ReportText;
            };
        }),
        Place.Of("DeploymentQuery.Branch", PlaceKind.OptionalKey, Table, async (agent, value) =>
        {
            var query = new DeploymentQuery { Branch = value, Limit = 1 };
            await agent.Deployments.QueryAsync(query);
            await agent.Deployments.CreateAsync(Given with { Branch = value ?? "any" });
            return value is null ? null : (await agent.Deployments.QueryAsync(query)).Single().Branch;
        }),
        Place.Of("DeploymentQuery.GitSha", PlaceKind.OptionalKey, Table, async (agent, value) =>
        {
            var query = new DeploymentQuery { GitSha = value, Limit = 1 };
            await agent.Deployments.QueryAsync(query);
            await agent.Deployments.CreateAsync(Given with { GitSha = value ?? "any" });
            return value is null ? null : (await agent.Deployments.QueryAsync(query)).Single().GitSha;
        }),
        Place.Lookup("FindLatestAsync.branch", Table, (agent, value) => agent.Deployments.FindLatestAsync(value)),
        Place.Lookup("FindLatestHealthyAsync.branch", Table, (agent, value) => agent.Deployments.FindLatestHealthyAsync(value)),
    ];
}
