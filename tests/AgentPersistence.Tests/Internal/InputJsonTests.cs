using System.Text;
using System.Text.Json;
using AgentPersistence.Internal;

namespace AgentPersistence.Tests.Internal;

public class InputJsonTests
{
    private const int Limit = 16 * 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 2_000 };

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"\"")]
    [InlineData("""{ "b" : [1, 2.50, -0, 1e999],  "a": {} }""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("\"\\u0000 \\ud800 \u00e9 \U0001F600 /* text */\"")]
    [InlineData("123456789012345678901234567890")]
    public void The_exact_text_is_taken(string text) => Assert.Equal(text, Take(text));

    [Fact]
    public void No_value_is_not_a_json_null() => Assert.Null(Input.Json(null, "Input", Limit));

    [Theory]
    [InlineData("[1,]", "line 1, byte 4")]
    [InlineData("{\"a\":1,}", "strict")]
    [InlineData("[1, // secret\n2]", "strict")]
    [InlineData("{/* secret */}", "strict")]
    public void What_a_lenient_parser_lets_through_is_refused(string text, string says)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Take(text));

        Assert.Equal("Input", refusal.ParamName);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    [InlineData(1_500, false)]
    public void Exactly_512_levels_are_allowed(int depth, bool allowed)
    {
        string[] documents =
        [
            new string('[', depth) + new string(']', depth),
            new string('[', depth) + "1" + new string(']', depth),
            string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "null" + new string('}', depth),
        ];
        foreach (var document in documents)
        {
            if (allowed)
                Assert.Equal(document, Take(document));
            else
                Assert.Contains("512", Assert.Throws<ArgumentException>(() => Take(document)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_shallow_part_of_a_too_deep_document_is_allowed()
    {
        using var document = JsonDocument.Parse("[[1]," + new string('[', 600) + new string(']', 600) + "]", Lenient);

        Assert.Equal("[1]", Input.Json(document.RootElement[0], "Input", Limit));
    }

    [Fact]
    public void Size_is_counted_in_bytes()
    {
        using var document = JsonDocument.Parse("\"é\"");

        Assert.Equal("\"é\"", Input.Json(document.RootElement, "Input", 4));
        var refusal = Assert.Throws<ArgumentException>(() => Input.Json(document.RootElement, "Input", 3));
        Assert.Contains("3 bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ill_formed_bytes_are_refused()
    {
        using var document = JsonDocument.Parse(Encoding.Latin1.GetBytes("[\"\u00ff\"]"));

        Assert.Equal("Input", Assert.Throws<ArgumentException>(() => Input.Json(document.RootElement, "Input", Limit)).ParamName);
    }

    [Fact]
    public void Undefined_is_refused() =>
        Assert.Equal("Input", Assert.Throws<ArgumentException>(() => Input.Json(default(JsonElement), "Input", Limit)).ParamName);

    [Fact]
    public void A_disposed_document_is_a_bad_argument()
    {
        var document = JsonDocument.Parse("{}");
        var element = document.RootElement;
        document.Dispose();

        var refusal = Assert.Throws<ArgumentException>(() => Input.Json(element, "Input", Limit));

        Assert.Equal("Input", refusal.ParamName);
        Assert.Contains("disposed", refusal.Message, StringComparison.Ordinal);
    }

    private static string? Take(string text)
    {
        using var document = JsonDocument.Parse(text, Lenient);
        return Input.Json(document.RootElement, "Input", Limit);
    }
}
