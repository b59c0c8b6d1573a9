namespace AgentPersistence.Tests;

public sealed class SourceTextTests
{
    private const int LongestLine = 140;
    private const int LongestFile = 300;

    [Fact]
    public void No_line_is_longer_than_the_editor_configuration_allows()
    {
        var tooLong =
            from file in Solution.Files()
            from line in Solution.Read(file).Split('\n').Index()
            where line.Item.Length > LongestLine
            select $"{file}:{line.Index + 1}";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_file_is_longer_than_its_reader_can_hold()
    {
        var tooLong = Solution.Files().Where(file => Solution.Read(file).TrimEnd('\n').Split('\n').Length > LongestFile);

        Assert.Empty(tooLong);
    }
}
