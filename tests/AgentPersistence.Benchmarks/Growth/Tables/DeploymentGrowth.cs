using AgentPersistence.Benchmarks.Databases;
using AgentPersistence.Deployments;

namespace AgentPersistence.Benchmarks.Growth.Tables;

/// <summary>Deployments of fifty branches and of a commit each, half of them healthy; a hundred were rolled back.</summary>
internal static class DeploymentGrowth
{
    private const int Branches = 50;
    private const int RolledBack = 100;

    public static GrowingTable Table { get; } = new("deployments", FillAsync,
    [
        Calling("find", (log, rows) => log.FindAsync(Numbered.Id(Numbered.Any(rows)))),
        Calling("latest", (log, _) => log.FindLatestAsync()),
        Calling("latest of a branch", (log, _) => log.FindLatestAsync(AnyBranch())),
        Calling("latest healthy", (log, _) => log.FindLatestHealthyAsync()),
        Calling("latest healthy of a branch", (log, _) => log.FindLatestHealthyAsync(AnyBranch())),
        Querying("recent", new DeploymentQuery()),
        Querying("by branch", new DeploymentQuery { Branch = "branch-7" }),
        Calling("by commit", (log, rows) => log.QueryAsync(new DeploymentQuery { GitSha = Numbered.Hex(Numbered.Any(rows)) })),
        Querying($"rolled back, {RolledBack}", new DeploymentQuery { Status = DeploymentStatus.RolledBack }),
        Calling("create", (log, _) => log.CreateAsync(New())) with { Adds = true },
        Calling("create and move on", async (log, _) => await log.UpdateStatusAsync(
            (await log.CreateAsync(New())).Id, DeploymentStatus.Testing)) with { Adds = true },
    ]);

    private static Task FillAsync(IDatabases databases, string connectionString, long rows)
    {
        var (sql, time) = (databases.Sql, databases.Sql.At("n"));
        return databases.ExecuteAsync(connectionString, $"""
            INSERT INTO agent_deployments (id, git_sha, branch, status, report_text, created_at, updated_at, write_id)
            SELECT {sql.Id("n")}, {sql.Hex("n")}, 'branch-' || (n % {Branches}), CASE
                WHEN n % {rows / RolledBack} = 1 THEN 'rolled_back' WHEN n / {Branches} % 2 = 0 THEN 'healthy' ELSE 'failed' END,
                'all tests passed', {time}, {time}, {sql.Id("n")}
            FROM {sql.Series(rows)}
            """);
    }

    private static Operation Querying(string name, DeploymentQuery query) => Calling(name, (log, _) => log.QueryAsync(query));

    private static Operation Calling(string name, Func<IDeploymentLog, long, Task> call) => Operation.On(name, call);

    private static NewDeployment New() => new() { GitSha = Guid.NewGuid().ToString("N"), Branch = AnyBranch() };

    private static string AnyBranch() => $"branch-{Numbered.Any(Branches)}";
}
