namespace AgentPersistence.Tests;

public sealed class PublicApiTests
{
    private const string Accept = "AGENT_PERSISTENCE_ACCEPT_API";
    private static readonly string Baseline = Path.Combine("tests", "AgentPersistence.Tests", "PublicApi.txt");

    /// <summary>A reviewer sees every change of the public surface as a change of this file.</summary>
    [Fact]
    public void The_public_surface_is_the_one_in_PublicApi_txt()
    {
        var actual = PublicApi.Of(typeof(IAgentDatabase).Assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllLines(SolutionFiles.PathOf(Baseline), actual);
        }

        var accepted = SolutionFiles.Read(Baseline).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] difference =
        [
            .. accepted.Except(actual).Select(line => $"- {line}"),
            .. actual.Except(accepted).Select(line => $"+ {line}"),
        ];

        Assert.True(
            difference.Length == 0 && accepted.SequenceEqual(actual),
            $"The public surface has changed:\n{string.Join('\n', difference)}\n\nIf that is meant, run this test once with {Accept}=1 and "
            + $"commit {Baseline}. A removed or changed line breaks those who compile against it.");
    }
}
