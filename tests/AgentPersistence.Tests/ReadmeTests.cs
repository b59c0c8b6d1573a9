using System.Text.RegularExpressions;
using AgentPersistence.Auditing;
using AgentPersistence.Providers.PostgreSql;
using Microsoft.EntityFrameworkCore;

namespace AgentPersistence.Tests;

public sealed partial class ReadmeTests
{
    private const string FrontDoor = "README.md";
    private const string Begin = "// <readme>";
    private const string End = "// </readme>";

    public static TheoryData<string> Files => [.. SolutionFiles.Named("*.md")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Code_in_a_README_is_the_code_of_a_file_that_is_compiled(string file)
    {
        var text = File.ReadAllText(SolutionFiles.PathOf(file));
        var taken = TakenCode().Matches(text);

        Assert.Equal(AnyCode().Count(text), taken.Count);
        Assert.All(taken, block => Assert.Equal(MarkedLines(block.Groups["path"].Value), block.Groups["code"].Value));
    }

    [Fact]
    public void The_front_door_shows_how_to_start_and_how_to_mock()
    {
        var paths = TakenCode().Matches(File.ReadAllText(SolutionFiles.PathOf(FrontDoor))).Select(block => block.Groups["path"].Value);

        Assert.Equal(["samples/QuickStart/FirstSteps.cs", "tests/AgentPersistence.Tests/ReadmeMockTests.cs"], paths);
    }

    [Fact]
    public void The_front_door_names_every_table_and_every_store_and_none_that_does_not_exist()
    {
        var text = File.ReadAllText(SolutionFiles.PathOf(FrontDoor));
        using var context = new PostgreSqlAgentDbContext(PostgreSqlAgentDbContext.CreateOptions());
        var tables = context.Model.GetEntityTypes().Select(e => e.GetTableName()!).Append(AgentPersistenceDbContext.MigrationsHistoryTable);
        var stores = typeof(IAgentTransaction).Assembly.GetExportedTypes()
            .Where(type => type.IsInterface && type != typeof(IAgentPersistenceBuilder)).Select(type => type.Name);

        // The roles and the file in the examples are the reader's own.
        var namedTables = AgentName().Matches(text).Select(name => name.Value).Except(["agent_app", "agent_maintenance", "agent_state"]);
        var namedStores = InterfaceName().Matches(text).Select(name => name.Value);

        Assert.Equal(tables.Order(), namedTables.Distinct().Order());
        Assert.Equal(stores.Order(), namedStores.Distinct().Order());
    }

    [Fact]
    public void The_audit_README_names_every_reason_that_a_verification_gives()
    {
        var text = File.ReadAllText(SolutionFiles.PathOf("src/AgentPersistence/Auditing/README.md"));
        var reasons = typeof(AuditFault).GetFields().Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(reasons.Order(), Reason().Matches(text).Select(row => row.Groups["reason"].Value).Order());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Links_lead_to_files_that_exist(string file)
    {
        var folder = Path.GetDirectoryName(SolutionFiles.PathOf(file))!;

        Assert.All(
            Link().Matches(File.ReadAllText(SolutionFiles.PathOf(file))).Select(link => link.Groups["path"].Value),
            path => Assert.True(Path.Exists(Path.Combine(folder, path)), path));
    }

    [Fact]
    public void What_was_asked_for_is_done_by_members_that_exist_and_shown_by_tests_that_exist()
    {
        var rows = AskedFor().Matches(SolutionFiles.Read("src/README.md"));
        var members = typeof(IAgentDatabase).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers().Select(member => $"{type.Name}.{member.Name}")).ToHashSet();
        var tests = SolutionFiles.Code("tests/AgentPersistence.ConformanceTests")
            .SelectMany(file => TestName().Matches(SolutionFiles.Read(file)).Select(t => $"{Path.GetFileNameWithoutExtension(file)}.{t.Value}"))
            .ToHashSet();

        Assert.True(rows.Count > 60, $"{rows.Count} rows");
        Assert.All(rows, row => Assert.Contains(row.Groups["test"].Value, tests));
        Assert.All(
            rows.SelectMany(row => MemberName().Matches(row.Groups["members"].Value)), member => Assert.Contains(member.Value, members));
    }

    /// <summary>The lines between the markers, each region moved to the left, with an empty line between regions.</summary>
    private static string MarkedLines(string path)
    {
        var regions = new List<string>();
        List<string>? region = null;
        foreach (var line in File.ReadLines(SolutionFiles.PathOf(path)))
        {
            if (line.Trim() == Begin)
            {
                region = [];
            }
            else if (line.Trim() == End)
            {
                var indent = region!.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
                regions.Add(string.Concat(region!.Select(l => (l.Length > 0 ? l[indent..] : l) + "\n")));
                region = null;
            }
            else
            {
                region?.Add(line);
            }
        }

        return string.Join('\n', regions);
    }

    [GeneratedRegex(@"<!-- code: (?<path>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex TakenCode();

    [GeneratedRegex("```csharp")]
    private static partial Regex AnyCode();

    [GeneratedRegex(@"\bagent_[a-z_]+\b")]
    private static partial Regex AgentName();

    [GeneratedRegex(@"(?<=`)I[A-Z][A-Za-z]+(?=[`.])")]
    private static partial Regex InterfaceName();

    [GeneratedRegex(@"^\| `(?<reason>[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Reason();

    [GeneratedRegex(@"^\| [^|]+ \| (?<members>[^|]+) \| `(?<test>\w+\.\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex AskedFor();

    [GeneratedRegex(@"(?<=`)\w+\.\w+(?=`)")]
    private static partial Regex MemberName();

    [GeneratedRegex(@"(?<=public (async Task|Task|void) )\w+(?=\()")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)\)")]
    private static partial Regex Link();
}
