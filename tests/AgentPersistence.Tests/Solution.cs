namespace AgentPersistence.Tests;

/// <summary>The source text that the tests were built from.</summary>
internal static class Solution
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "Migrations", "CompiledModel"];

    public static string Root { get; } = FindRoot();

    /// <summary>The C# files under a folder of the solution that somebody wrote, as paths from the root.</summary>
    public static List<string> Files(string folder = "")
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(Generated).Any())
            .ToList();
        Assert.NotEmpty(files);
        return files;
    }

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

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
