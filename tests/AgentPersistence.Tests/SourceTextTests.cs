namespace AgentPersistence.Tests;

public sealed class SourceTextTests
{
    private const int LongestLine = 140;
    private const int LongestFile = 300;

    [Fact]
    public void No_line_is_longer_than_the_editor_configuration_allows()
    {
        var tooLong =
            from file in Files()
            from line in File.ReadLines(file).Index()
            where line.Item.Length > LongestLine
            select $"{file}:{line.Index + 1}";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_file_is_longer_than_its_reader_can_hold()
    {
        var tooLong = Files().Where(file => File.ReadLines(file).Count() > LongestFile);

        Assert.Empty(tooLong);
    }

    private static List<string> Files()
    {
        string[] generated = ["bin", "obj", "Migrations", "CompiledModel"];
        var root = Root();
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Intersect(generated).Any())
            .ToList();
        Assert.NotEmpty(files);
        return files;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentPersistence.sln")))
            folder = Path.GetDirectoryName(folder) ??
                throw new InvalidOperationException("The tests run outside of the solution's folder.");
        return folder;
    }
}
