namespace AgentPersistence.Tests;

/// <summary>The solution's own files, from wherever the tests run.</summary>
internal static class SolutionFiles
{
    private static readonly string[] Built = ["bin", "obj", "artifacts", "TestResults"];
    private static readonly string[] Generated = ["Migrations", "CompiledModel"];

    public static string Root { get; } = FindRoot();

    public static string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>Paths below the root.</summary>
    public static IReadOnlyList<string> Named(string pattern) =>
    [
        .. Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(Built).Any())
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Paths of the C# that somebody wrote, below a folder of the solution.</summary>
    public static IReadOnlyList<string> Code(string folder = "")
    {
        string[] files =
        [
            .. Named("*.cs").Where(file => file.StartsWith(folder, StringComparison.Ordinal)
                && !file.Split(Path.DirectorySeparatorChar).Intersect(Generated).Any()),
        ];
        Assert.NotEmpty(files);
        return files;
    }

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentPersistence.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The tests run outside of the solution's folder.");
        }

        return folder;
    }
}
