using System.Text.Json.Nodes;
using AgentPersistence.Internal.Json;

namespace AgentPersistence.Tests.Internal.Json;

public class MergePatchTests
{
    // RFC 7396, appendix A, in its order.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"a":"foo"}""", """null""", """null""")]
    [InlineData("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void The_examples_of_the_RFC_hold(string target, string patch, string result) =>
        Assert.Equal(result, MergePatch.Apply(target, patch));

    // RFC 7396, section 3.
    [Fact]
    public void The_document_of_the_RFC_is_changed_as_it_shows()
    {
        const string Document = """
            { "title": "Goodbye!", "author" : { "givenName" : "John", "familyName" : "Doe" }, "tags":[ "example", "sample" ],
              "content": "This will be unchanged" }
            """;
        const string Patch = """
            { "title": "Hello!", "phoneNumber": "+01-123-456-7890", "author": { "familyName": null }, "tags": [ "example" ] }
            """;
        const string Result = """
            { "title": "Hello!", "author" : { "givenName" : "John" }, "tags": [ "example" ], "content": "This will be unchanged",
              "phoneNumber": "+01-123-456-7890" }
            """;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Result), JsonNode.Parse(MergePatch.Apply(Document, Patch))));
    }

    [Theory]
    [InlineData("""{"n":1.50,"i":12345678901234567890,"e":1E400}""", """{"n":1.50,"i":12345678901234567890,"e":1E400,"new":1.0}""")]
    [InlineData("""{"s":"\u0000\ud800\/" , "o" : {"x" : null } }""", """{"s":"\u0000\ud800\/","o":{"x" : null },"new":1.0}""")]
    [InlineData("""{"d":1,"d":2}""", """{"d":1,"d":2,"new":1.0}""")]
    public void Members_that_a_patch_does_not_touch_keep_their_text(string target, string result) =>
        Assert.Equal(result, MergePatch.Apply(target, """{"new":1.0}"""));

    [Theory]
    [InlineData("""{ "a" : 1.50 }""")]
    [InlineData(" [1, 2] ")]
    [InlineData("""{"a":{"x":[null]},"a":2}""")]
    public void A_patch_that_removes_nothing_is_kept_as_its_text_where_nothing_stands(string patch)
    {
        Assert.Equal(patch.Trim(), MergePatch.Apply(null, patch));
        Assert.Equal(patch.Trim(), MergePatch.Apply("7", patch));
        Assert.Equal($$"""{"b":{{patch.Trim()}}}""", MergePatch.Apply("{}", $$"""{"b":{{patch}}}"""));
    }

    [Fact]
    public void An_empty_patch_leaves_the_text_as_it_is() => Assert.Equal("""{ "a" : 1 }""", MergePatch.Apply("""{ "a" : 1 }""", "{}"));

    [Theory]
    [InlineData("{}", """{"a":1,"a":null}""", "{}")]
    [InlineData("{}", """{"a":null,"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1,"b":2,"a":{"x":3}}""", """{"a":{"y":4}}""", """{"a":{"x":3,"y":4},"b":2}""")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":null}""", """{"b":2}""")]
    [InlineData("""{"a":1,"a":2}""", """{"b":3}""", """{"a":1,"a":2,"b":3}""")]
    public void Of_duplicate_names_that_are_touched_the_last_counts_and_one_remains(string target, string patch, string result) =>
        Assert.Equal(result, MergePatch.Apply(target, patch));

    [Theory]
    [InlineData("""{"\u0061b":1}""", """{"ab":2}""", """{"\u0061b":2}""")]
    [InlineData("""{"a/b":1}""", """{"a\/b":2}""", """{"a/b":2}""")]
    [InlineData("""{"\ud83d\ude00":1}""", """{"😀":null}""", "{}")]
    [InlineData("""{"\ud800":1,"\n\b\f\r\t\"\\":2}""", """{"\uD800":null,"\u000a\u0008\u000c\u000d\u0009\u0022\u005c":null}""", "{}")]
    [InlineData("""{"\ud800":1}""", """{"\ud801":2}""", """{"\ud800":1,"\ud801":2}""")]
    [InlineData("""{"A":1}""", """{"a":2}""", """{"A":1,"a":2}""")]
    public void Names_are_the_same_when_their_characters_are_however_they_are_escaped(string target, string patch, string result) =>
        Assert.Equal(result, MergePatch.Apply(target, patch));

    [Fact]
    public void The_deepest_documents_that_are_accepted_are_merged()
    {
        static string Nested(string name, string inner) =>
            string.Concat(Enumerable.Repeat($$"""{"{{name}}":""", 511)) + inner + new string('}', 511);

        Assert.Equal(Nested("a", """{"x":1,"y":2}"""), MergePatch.Apply(Nested("a", """{"x":1}"""), Nested("a", """{"y":2,"z":null}""")));
    }
}
