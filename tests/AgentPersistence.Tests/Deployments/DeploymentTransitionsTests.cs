using System.Text.RegularExpressions;
using AgentPersistence.Deployments;
using AgentPersistence.Deployments.Storage;

namespace AgentPersistence.Tests.Deployments;

public sealed partial class DeploymentTransitionsTests
{
    [Fact]
    public void The_README_shows_which_status_may_follow_which()
    {
        var rows = Row().Matches(SolutionFiles.Read(Path.Combine("src", "AgentPersistence", "Deployments", "README.md")))
            .Select(row => row.Value.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()).ToList();
        var (columns, statuses) = (rows[0], rows.Skip(1).ToList());

        Assert.Equal(Enum.GetNames<DeploymentStatus>().Order(), statuses.Select(row => row[0]).Order());
        Assert.Equal(Enum.GetNames<DeploymentStatus>().Except([nameof(DeploymentStatus.Building)]).Order(), columns.Skip(1).Order());
        Assert.All(statuses, row => Assert.All(Enumerable.Range(1, columns.Length - 1), i => Assert.Equal(
            DeploymentTransitions.Before(Enum.Parse<DeploymentStatus>(columns[i])).Contains(Enum.Parse<DeploymentStatus>(row[0])),
            row[i] == "yes")));
    }

    [Fact]
    public void Nothing_leads_back()
    {
        Assert.All(Enum.GetValues<DeploymentStatus>(), status => Assert.False(DeploymentTransitions.LeadsTo(status, status)));
        Assert.True(DeploymentTransitions.LeadsTo(DeploymentStatus.Building, DeploymentStatus.RolledBack));
        Assert.False(DeploymentTransitions.LeadsTo(DeploymentStatus.Healthy, DeploymentStatus.Failed));
    }

    [GeneratedRegex(@"^\| (from|Building|Testing|Deploying|Healthy|Failed|RolledBack)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
