using AgentPersistence.Internal.Json;

namespace AgentPersistence.Tests.Internal.Json;

public class StoredJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("\"\\u0000 \\ud800\"")]
    [InlineData("123456789012345678901234567890.10e400")]
    [InlineData("null")]
    public void What_was_stored_is_read_with_the_same_text(string text) =>
        Assert.Equal(text, StoredJson.Parse(text)!.Value.GetRawText());

    [Fact]
    public void No_text_is_no_value() => Assert.Null(StoredJson.Parse(null));

    [Fact]
    public void What_may_be_stored_can_be_read()
    {
        var deepest = new string('[', 512) + new string(']', 512);

        Assert.Equal(deepest, StoredJson.Parse(deepest)!.Value.GetRawText());
    }
}
