namespace AgentPersistence.Tests;

public sealed class SourceTextTests
{
    private const int LongestFile = 300;

    [Fact]
    public void No_line_is_longer_than_the_editor_configuration_allows()
    {
        const string setting = "max_line_length = ";
        var limit = int.Parse(
            File.ReadLines(SolutionFiles.PathOf(".editorconfig")).Single(l => l.StartsWith(setting, StringComparison.Ordinal))[setting.Length..],
            System.Globalization.CultureInfo.InvariantCulture);

        var tooLong =
            from file in SolutionFiles.Code()
            from line in File.ReadLines(SolutionFiles.PathOf(file)).Index()
            where line.Item.Length > limit
            select $"{file}:{line.Index + 1}";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_file_is_longer_than_its_reader_can_hold()
    {
        var tooLong = SolutionFiles.Code().Where(file => File.ReadLines(SolutionFiles.PathOf(file)).Count() > LongestFile);

        Assert.Empty(tooLong);
    }
}
