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
        string[] generated = ["Migrations", "CompiledModel"];
        var files = SolutionFiles.Named("*.cs")
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(generated).Any())
            .Select(SolutionFiles.PathOf)
            .ToList();
        Assert.NotEmpty(files);
        return files;
    }
}
