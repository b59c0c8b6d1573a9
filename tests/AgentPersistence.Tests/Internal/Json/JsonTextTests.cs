using System.Text.Json;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Tests.Internal.Json;

public class JsonTextTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"a": 1}""", false)]
    [InlineData("1.0", "1.00", false)]
    [InlineData("\"\\u0041\"", "\"A\"", false)]
    [InlineData("null", "null", true)]
    [InlineData("null", null, false)]
    [InlineData(null, null, true)]
    public void Equality_is_that_of_the_text(string? one, string? other, bool expected)
    {
        var (left, right) = (new JsonText(StoredJson.Parse(one)), new JsonText(StoredJson.Parse(other)));

        Assert.Equal(expected, left.Equals(right));
        Assert.Equal(expected, right.Equals((object)left));
        if (expected)
            Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    [Fact]
    public void Undefined_equals_only_undefined()
    {
        var undefined = new JsonText(default(JsonElement));

        Assert.Equal(undefined, new JsonText(default(JsonElement)));
        Assert.Equal(undefined.GetHashCode(), new JsonText(default(JsonElement)).GetHashCode());
        Assert.NotEqual(undefined, new JsonText(null));
        Assert.NotEqual(undefined, new JsonText(StoredJson.Parse("null")));
        Assert.False(undefined.Equals("something else"));
    }

    [Fact]
    public void A_part_of_a_document_equals_the_same_text_alone()
    {
        using var document = JsonDocument.Parse("""[ {"a":1} , "x" ]""");

        Assert.Equal(new JsonText(StoredJson.Parse("""{"a":1}""")), new JsonText(document.RootElement[0]));
        Assert.Equal(new JsonText(StoredJson.Parse("\"x\"")), new JsonText(document.RootElement[1]));
    }
}
